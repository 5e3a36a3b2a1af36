// What users hand over is held against what it may be at once, and refused by a code: never a bare TypeError, never later.
import { describe, expect, test } from 'vitest';
import { addressText, parseAddress } from '../src/address.ts';
import { connect, dialects, relay, serve } from '../src/index.ts';

const TARGET = 'tcp://127.0.0.1:1';

describe('addresses', () => {
  test.each([
    ['tcp://localhost:6000', { kind: 'tcp', host: 'localhost', port: 6000 }],
    ['tcp://[::1]:6000/', { kind: 'tcp', host: '::1', port: 6000 }],
    ['unix:///run/my%20model.sock', { kind: 'unix', path: '/run/my model.sock' }],
    ['unix:/run/model.sock', { kind: 'unix', path: '/run/model.sock' }],
    ['unix:model.sock', { kind: 'unix', path: 'model.sock' }],
    ['unix:@model', { kind: 'unix', path: '@model' }],
  ])('%s', (text, address) => {
    expect(parseAddress(text)).toEqual(address);
    expect(parseAddress(addressText(parseAddress(text)))).toEqual(address);
  });

  test.each([
    'localhost:6000',
    'tcp://localhost',
    'tcp://:6000',
    'http://localhost:6000',
    'tcp://user@localhost:6000',
    'tcp://user:secret@localhost:6000',
    'tcp://localhost:6000/some/path',
    'tcp://localhost:6000?x=1',
    'tcp://localhost:6000#x',
    'unix:',
    'unix:@',
    'unix://host/run/model.sock',
    'unix:///%zz',
    '',
    undefined,
    null,
    5,
    {},
    new URL('tcp://localhost:6000'),
  ])('none: %s', async (target) => {
    const refused = expect.objectContaining({ name: 'BridgeError', code: 'BRIDGE_TARGET', fault: 'caller' });
    expect(() => connect(target as never)).toThrow(refused);
    await expect(serve(target as never, (input) => input)).rejects.toEqual(refused);
    await expect(relay(target as never, TARGET)).rejects.toEqual(refused);
    await expect(relay('tcp://127.0.0.1:0', target as never)).rejects.toEqual(refused);
  });
});

describe('options', () => {
  const refused = expect.objectContaining({ name: 'BridgeError', code: 'BRIDGE_OPTION', fault: 'caller' });
  const carrier = connectable();

  test.each([
    5,
    'seed',
    { dialect: 'seed' },
    { dialect: null },
    { dialect: {} },
    { inFlight: 3 },
    { inFlight: 2, dialect: dialects.numpysocket },
    { queueLimit: 0 },
    { wedgedMs: Number.NaN },
    { retryMs: -1 },
    { retry: 'always' },
  ])('%j is refused by connect and by relay', async (options) => {
    expect(() => connect(TARGET, options as never)).toThrow(refused);
    await expect(relay('tcp://127.0.0.1:0', TARGET, options as never)).rejects.toEqual(refused);
  });

  test('a schema that is none, limits that would be ignored, no target at all', () => {
    expect(() => connect(TARGET, { schema: 'guess' as never })).toThrow(refused);
    expect(() => connect(carrier, { limits: { maxMessageBytes: 5 } })).toThrow(refused);
    expect(() => connect([])).toThrow(refused);
  });

  test.each([
    [undefined, {}],
    ['handler', {}],
    [() => 1, 5],
    [() => 1, { onError: 'print' }],
    [() => 1, { dialect: 'seed' }],
    [() => 1, { permissions: 0o600 }],
  ])('%s and %j are refused by serve', async (handler, options) => {
    await expect(serve('tcp://127.0.0.1:0', handler as never, options as never)).rejects.toEqual(refused);
  });

  test.each([{ hosts: 5 }, { hosts: { limits: { closeMs: -1 } } }, { onError: 5 }, { hosts: { dialect: 'seed' } }])(
    '%j is refused by relay',
    async (options) => {
      await expect(relay('tcp://127.0.0.1:0', TARGET, options as never)).rejects.toEqual(refused);
    },
  );

  test("a limit of the listener's that is none is refused there", async () => {
    const limits = { maxConnections: 0 };
    const code = { code: 'TRANSPORT_BAD_OPTION' };
    await expect(serve('tcp://127.0.0.1:0', (input) => input, { limits })).rejects.toMatchObject(code);
    await expect(relay('tcp://127.0.0.1:0', TARGET, { hosts: { limits } })).rejects.toMatchObject(code);
  });

  test('null is none, everywhere', async () => {
    await using listener = await serve('tcp://127.0.0.1:0', (input) => input, null as never);
    await using relayed = await relay('tcp://127.0.0.1:0', listener.address, null as never);
    await using model = connect(relayed.address, null as never);
    expect((await model.call([1, 2], null as never)).shape).toEqual([2]);
  });

  test.each([{ timeout: Number.NaN }, { timeout: -1 }, { timeout: null }, { signal: 5 }, 5])(
    'a call with %j is refused, and the next one is answered',
    async (options) => {
      await using listener = await serve('tcp://127.0.0.1:0', (input) => input);
      await using model = connect(listener.address);
      await expect(model.call([1], options as never)).rejects.toEqual(refused);
      expect((await model.call([1], { timeout: Number.POSITIVE_INFINITY })).shape).toEqual([1]);
      expect((await model.call([1], { timeout: 2 ** 40 })).shape).toEqual([1]);
    },
  );
});

/** A carrier that is never used. */
function connectable(): Parameters<typeof connect>[0] {
  const close = async (): Promise<void> => {};
  return { exchange: () => Promise.reject(new Error('unused')), close, [Symbol.asyncDispose]: close };
}
