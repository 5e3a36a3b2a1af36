// A handler may throw any value, even one that throws when its properties are read: onError gets it, and the server keeps serving.
import { afterEach, expect, test, vi } from 'vitest';
import { connect, serve } from '../../src/index.ts';

const { proxy: revoked, revoke } = Proxy.revocable({}, {});
revoke();
const getPrototypeOf = () => {
  throw new Error('do not look');
};
const trap = new Proxy({}, { getPrototypeOf });

afterEach(() => vi.restoreAllMocks());

test.each([
  ['revoked', revoked],
  ['a trap', trap],
])('a handler that throws a proxy, %s, is told, and the next host is answered', async (_, thrown) => {
  const told: { error: unknown }[] = [];
  let calls = 0;
  await using listener = await serve('tcp://127.0.0.1:0', { onError: (error) => told.push({ error }) }, (input) => {
    if (calls++ === 0) throw thrown;
    return input;
  });
  await using model = connect(listener.address);
  await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
  expect((await model.call([1, 2])).shape).toEqual([2]);
  expect(told).toHaveLength(1);
  expect(told[0]?.error === thrown).toBe(true);
});

test('by default it is a line', async () => {
  const lines = vi.spyOn(console, 'error').mockImplementation(() => {});
  await using listener = await serve('tcp://127.0.0.1:0', () => {
    throw revoked;
  });
  await using model = connect(listener.address);
  await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
  expect(lines.mock.calls).toEqual([[expect.stringContaining('an error whose properties cannot be read')]]);
});
