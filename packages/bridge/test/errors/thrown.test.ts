// A handler may throw any value, and not only an Error: onError gets it, and the server keeps serving.
import { afterEach, expect, test, vi } from 'vitest';
import { connect, serve } from '../../src/index.ts';

afterEach(() => vi.restoreAllMocks());

test.each([[undefined], ['text'], [Object.create(null)]])(
  'a handler that throws %o: onError gets it, and the next host is answered',
  async (thrown) => {
    const told: unknown[] = [];
    let calls = 0;
    await using listener = await serve('tcp://127.0.0.1:0', { onError: (error) => told.push(error) }, (input) => {
      if (calls++ === 0) throw thrown;
      return input;
    });
    await using model = connect(listener.address);
    await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    expect((await model.call([1, 2])).shape).toEqual([2]);
    expect(told).toHaveLength(1);
    expect(told[0]).toBe(thrown);
  },
);

test('without onError, it is described in a line', async () => {
  const lines = vi.spyOn(console, 'error').mockImplementation(() => {});
  await using listener = await serve('tcp://127.0.0.1:0', () => {
    throw Object.create(null);
  });
  await using model = connect(listener.address);
  await expect(model.call([1])).rejects.toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
  expect(lines.mock.calls).toEqual([[expect.stringContaining('an object (Object)')]]);
});
