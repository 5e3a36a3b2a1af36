// Every function checks its arguments at once: an invalid one gives an error with a code, never a bare TypeError, and never later.
import type { Carrier } from '@bridge/transport';
import { describe, expect, test } from 'vitest';
import { codecs, connect, dialects, relay, serve } from '../../src/index.ts';
import { parseAddress } from '../../src/targets/parse-address.ts';

const TARGET = 'tcp://127.0.0.1:1';

describe('addresses', () => {
  test.each([
    ['tcp://localhost:6000', 'tcp://localhost:6000', { 'server.address': 'localhost', 'server.port': 6000 }],
    ['tcp://[::1]:6000/', 'tcp://[::1]:6000', { 'server.address': '::1', 'server.port': 6000 }],
    ['TCP://Model:6000', 'tcp://model:6000', { 'server.address': 'model', 'server.port': 6000 }],
    ['unix:///run/my%20model.sock', 'unix:///run/my model.sock', { 'server.address': '/run/my model.sock' }],
    ['unix:/run/model.sock', 'unix:///run/model.sock', { 'server.address': '/run/model.sock' }],
    ['unix:model.sock', 'unix:model.sock', { 'server.address': 'model.sock' }],
    ['unix:@model', 'unix:@model', { 'server.address': '@model' }],
  ])('%s is %s', (given, text, attributes) => {
    const address = parseAddress(given);
    expect(address.text).toBe(text);
    expect(address.attributes).toMatchObject(attributes);
    expect(parseAddress(text).text).toBe(text);
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
    { dialect: {} },
    { inFlight: 3 },
    { inFlight: 2, dialect: dialects.numpysocket },
    { queueLimit: 0 },
    { wedgedMs: Number.NaN },
    { wedgedMs: '5' },
    { wedgedMs: 5n },
    { retryMs: -1 },
    { retryMs: '5' },
    { retryMs: 5n },
    { retry: 'always' },
    { shared: 'no' },
    { dialect: { request: { decoder() {} }, reply: { decoder() {} } } },
    { dialect: { ...dialects.seed, close: 'slam' } },
    { dialect: { ...dialects.seed, connection: 'kept' } },
    { input: 5 },
    { input: { dtype: 'float31' } },
    { input: { shape: 'any' } },
    { input: { shape: [-1, 3] } },
    { input: { shape: [0.5] } },
    { input: { shape: [undefined] } },
  ])('%o is refused by connect and by relay', async (options) => {
    expect(() => connect(TARGET, options as never)).toThrow(refused);
    await expect(relay('tcp://127.0.0.1:0', TARGET, options as never)).rejects.toEqual(refused);
  });

  test('no port to call', async () => {
    const none = expect.objectContaining({ code: 'BRIDGE_TARGET' });
    expect(() => connect('tcp://127.0.0.1:0')).toThrow(none);
    await expect(relay('tcp://127.0.0.1:0', 'tcp://127.0.0.1:0')).rejects.toEqual(none);
  });

  test.each([
    [TARGET, TARGET],
    ['tcp://localhost:6000', 'tcp://127.0.0.1:6000', 'tcp://LOCALHOST:6000/'],
    ['tcp://[::1]:6000', 'tcp://[0:0:0:0:0:0:0:1]:6000'],
    ['unix:/run/model.sock', 'unix:///run/model.sock'],
    [carrier, carrier],
  ])('the same target twice: %s, %s', (...targets) => {
    const twice = expect.objectContaining({ code: 'BRIDGE_TARGET', message: expect.stringContaining('twice') });
    expect(() => connect(targets as never)).toThrow(twice);
  });

  test('targets that may be two models are two', () => {
    const apart = [
      'tcp://localhost:6000',
      'tcp://127.0.0.1:6000',
      'tcp://localhost:6001',
      'unix:/m.sock',
      'unix:/M.sock',
    ];
    expect(connect(apart).stats.replicas).toHaveLength(apart.length);
    expect(connect([carrier, { ...carrier }]).stats.replicas).toHaveLength(2);
  });

  test('a dialect with a name that is not known is refused: it would not keep its connection', async () => {
    const misspelt = { ...dialects.seed, conection: 'persistent' };
    const named = 'dialect has "conection", which is not known: expected name, codec, request, reply';
    expect(() => connect(TARGET, { dialect: misspelt })).toThrow(refused);
    expect(() => connect(TARGET, { dialect: misspelt })).toThrow(named);
    await expect(serve('tcp://127.0.0.1:0', { dialect: misspelt }, (input) => input)).rejects.toThrow(named);
    await expect(relay('tcp://127.0.0.1:0', TARGET, { hosts: { dialect: misspelt } })).rejects.toThrow(
      `hosts.${named}`,
    );
  });

  test('an invalid greeting is refused before anything is called', () => {
    const bad = expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' });
    for (const token of [{ form: 'listener', message: [] }, { from: 'listener', mesage: [] }, 'hello', null]) {
      expect(() => connect(TARGET, { dialect: { ...dialects.seed, opening: [token] } as never })).toThrow(bad);
      expect(() => dialects.prefixed({ bytes: 4, opening: [token] as never })).toThrow(bad);
    }
  });

  test('prefixed has one length in both directions, and no framings', () => {
    const { request, reply } = dialects.seed;
    expect(() => dialects.prefixed({ bytes: 4, request, reply } as never)).toThrow(refused);
    expect(() => dialects.prefixed({ endian: 'little' } as never)).toThrow(
      'options.bytes is undefined: expected the size',
    );
  });

  test('later changes of an options object have no effect: options are read once', async () => {
    const dialect = { ...dialects.seed };
    const shape = [2];
    await using listener = await serve('tcp://127.0.0.1:0', { dialect }, (input) => input);
    await using model = connect(listener.address, { dialect, input: { shape } });
    Object.assign(dialect, { request: undefined, reply: undefined });
    shape[0] = 3;
    expect((await model.call([1, 2])).shape).toEqual([2]);
  });

  test('a carrier without close() is invalid', () => {
    const bad = expect.objectContaining({ code: 'BRIDGE_TARGET' });
    expect(() => connect({ exchange: async () => new Uint8Array(0) } as never)).toThrow(bad);
  });

  test('an invalid schema, limits that would be ignored, no target at all', () => {
    expect(() => connect(TARGET, { schema: 'guess' as never })).toThrow(refused);
    expect(() => connect(TARGET, { output: { shape: 7 as never } })).toThrow(refused);
    expect(() => connect(TARGET, { output: { dtype: 'double' as never } })).toThrow(refused);
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
    await expect(serve('tcp://127.0.0.1:0', options as never, handler as never)).rejects.toEqual(refused);
  });

  test.each([
    { hosts: 5 },
    { hosts: { limits: 5 } },
    { hosts: { limits: { closeMs: -1 } } },
    { onError: 5 },
    { hosts: { dialect: 'seed' } },
  ])('%j is refused by relay', async (options) => {
    await expect(relay('tcp://127.0.0.1:0', TARGET, options as never)).rejects.toEqual(refused);
  });

  test('an invalid limit of replies is refused by connect, before anything is called', async () => {
    const bad = expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' });
    for (const limits of [5, { maxMessageBytes: -1 }, { maxMessageBytes: '1' }]) {
      expect(() => connect(TARGET, { limits: limits as never })).toThrow(bad);
      await expect(relay('tcp://127.0.0.1:0', TARGET, { limits: limits as never })).rejects.toEqual(bad);
    }
  });

  test('an invalid limit of the listener is refused there', async () => {
    const limits = { maxConnections: 0 };
    const code = { code: 'TRANSPORT_BAD_OPTION' };
    await expect(serve('tcp://127.0.0.1:0', { limits }, (input) => input)).rejects.toMatchObject(code);
    await expect(relay('tcp://127.0.0.1:0', TARGET, { hosts: { limits } })).rejects.toMatchObject(code);
  });

  test('null counts as left out, everywhere', async () => {
    await using listener = await serve('tcp://127.0.0.1:0', null as never, (input) => input);
    await using relayed = await relay('tcp://127.0.0.1:0', listener.address, null as never);
    await using model = connect(relayed.address, null as never as undefined);
    expect((await model.call([1, 2], null as never)).shape).toEqual([2]);
    const none = { signal: null, dtype: null, retry: null };
    expect((await model.call([1, 2], none as never)).shape).toEqual([2]);
    for await (const { output } of model.stream([[1, 2]], null as never)) expect(output.shape).toEqual([2]);
  });

  const NULLS = {
    connect: [
      'dialect',
      'limits',
      'inFlight',
      'queueLimit',
      'wedgedMs',
      'retryMs',
      'shared',
      'input',
      'output',
      'schema',
      'retry',
    ],
    relay: [
      'dialect',
      'limits',
      'inFlight',
      'queueLimit',
      'wedgedMs',
      'retryMs',
      'shared',
      'input',
      'hosts',
      'retry',
      'onError',
    ],
    hosts: ['dialect', 'limits', 'permissions'],
    call: ['signal', 'timeoutMs', 'dtype', 'retry'],
    stream: ['signal', 'timeoutMs', 'dtype', 'retry', 'policy', 'inFlight', 'ordered'],
  };
  const nulls = (names: readonly string[]): never => Object.fromEntries(names.map((name) => [name, null])) as never;

  test('an option that is null is as if it were left out, whichever it is', async () => {
    const limits = nulls(['maxMessageBytes']);
    const hosts = { limits: nulls(['maxMessageBytes', 'maxConnections', 'idleMs', 'closeMs']), permissions: null };
    await using listener = await serve('tcp://127.0.0.1:0', nulls([...NULLS.hosts, 'onError']), (input) => input);
    await using relayed = await relay('tcp://127.0.0.1:0', listener.address, nulls(NULLS.relay));
    await using again = await relay('tcp://127.0.0.1:0', relayed.address, { hosts: hosts as never, limits });
    await using model = connect(again.address, nulls(NULLS.connect) as undefined);
    await using other = connect(again.address, { limits, input: nulls(['dtype', 'shape']) });
    expect((await other.call([1, 2])).shape).toEqual([2]);
    expect((await model.call([1, 2], nulls(NULLS.call))).shape).toEqual([2]);
    for await (const { output } of model.stream([[1, 2]], nulls(NULLS.stream))) expect(output.shape).toEqual([2]);
    await model.close(nulls(['timeoutMs']));
  });

  test.each([
    { queueLimits: 5 },
    { wedgedMS: 5 },
    { limits: { maxmessagebytes: 5 } },
    { limits: { maxMessageBytes: 5, maxConnections: 5 } },
    { input: { dtype: 'uint8', shap: [2] } },
    { timeoutMs: 5 },
    Object.create({ queuelimit: 5 }),
    ['seed'],
    new Map([['queueLimit', 5]]),
    Promise.resolve({ queueLimit: 5 }),
    new AbortController().signal,
  ])('a misspelt or unknown option is refused by connect and by relay: %o', async (options) => {
    expect(() => connect(TARGET, options as never)).toThrow(refused);
    await expect(relay('tcp://127.0.0.1:0', TARGET, options as never)).rejects.toEqual(refused);
  });

  test.each([
    { limit: { maxConnections: 5 } },
    { limits: { maxconnections: 5 } },
    { limits: [5] },
    { permission: 0o600 },
    { onerror: () => {} },
    { hosts: {} },
  ])('a misspelt or unknown option is refused by serve, and as `hosts` by relay: %o', async (options) => {
    await expect(serve('tcp://127.0.0.1:0', options as never, (input) => input)).rejects.toEqual(refused);
    const hosts = options as never;
    await expect(relay('tcp://127.0.0.1:0', TARGET, { hosts })).rejects.toEqual(refused);
  });

  test.each([{ timeout: 5 }, { Signal: undefined }, new AbortController().signal, [], new Map()])(
    'a misspelt or unknown option is refused by call, stream and close: %o',
    async (options) => {
      const model = connect(carrier);
      await expect(model.call([1], options as never)).rejects.toEqual(refused);
      expect(() => model.stream([[1]], options as never)).toThrow(refused);
      await expect(model.close(options as never)).rejects.toEqual(refused);
    },
  );

  test('an option that is not known is named, with those that are', () => {
    expect(() => connect(TARGET, { queuelimit: 5, '\x1b[2J\u202e': 5 } as never)).toThrow(
      'options has "queuelimit", which is not known: expected dialect, limits, codec, inFlight, queueLimit, wedgedMs',
    );
    expect(() => connect(TARGET, { '\x9b2J\u202e': 5 } as never)).toThrow('options has "\\u009b2J\\u202e", which');
  });

  test('options may be an object of a class, or of none', async () => {
    class Options {
      get timeoutMs(): number {
        return 5;
      }
    }
    const dead = connect({ ...carrier, exchange: () => new Promise(() => {}) });
    await expect(dead.call([1], new Options())).rejects.toMatchObject({ code: 'BRIDGE_TIMEOUT' });
    const bare = Object.assign(Object.create(null), { timeoutMs: 5 }) as object;
    await expect(dead.call([1], bare)).rejects.toMatchObject({ code: 'BRIDGE_TIMEOUT' });
  });

  test("hosts speak the model's dialect by default, also if the option is undefined", async () => {
    const dialect = dialects.prefixed({ bytes: 4 });
    await using listener = await serve('tcp://127.0.0.1:0', { dialect }, (input) => input);
    const hosts = { dialect: undefined, limits: undefined };
    await using relayed = await relay('tcp://127.0.0.1:0', listener.address, { dialect, hosts: hosts as never });
    await using model = connect(relayed.address, { dialect });
    expect((await model.call([1, 2])).shape).toEqual([2]);
  });

  test.each([
    { timeoutMs: Number.NaN },
    { timeoutMs: -1 },
    { signal: 5 },
    { signal: { aborted: false, addEventListener() {} } },
    { retry: 'always' },
    { dtype: 'double' },
    { dtype: 5 },
    5,
  ])('a call or a stream with %o is refused with nothing sent, and the next one is answered', async (options) => {
    let sent = 0;
    await using listener = await serve('tcp://127.0.0.1:0', (input) => {
      sent++;
      return input;
    });
    await using model = connect(listener.address);
    await expect(model.call([1], options as never)).rejects.toEqual(refused);
    expect(() => model.stream([[1]], options as never)).toThrow(refused);
    expect(sent).toBe(0);
    expect((await model.call([1], { timeoutMs: Number.POSITIVE_INFINITY })).shape).toEqual([1]);
    expect((await model.call([1], { timeoutMs: 2 ** 40 })).shape).toEqual([1]);
  });

  test.each([
    { inFlight: 0 },
    { inFlight: Number.NaN },
    { inFlight: -1 },
    { inFlight: 1.5 },
    { inFlight: '2' },
    { policy: 'newest' },
    { ordered: 'no' },
  ])('a stream with %j is refused, and its source left alone', (options) => {
    const model = connect(TARGET);
    let read = false;
    function* frames(): Generator<number[]> {
      read = true;
      yield [1];
    }
    expect(() => model.stream(frames(), options as never)).toThrow(refused);
    expect(read).toBe(false);
  });

  test.each([undefined, null, 5, 'frames', {}, { [Symbol.asyncIterator]: 5 }])('%o is no source', (frames) => {
    expect(() => connect(TARGET).stream(frames as never)).toThrow(refused);
  });

  test.each([[Number.NaN], [Number.POSITIVE_INFINITY], [Symbol('length')], [2n], ['2']])(
    'an array of length %s is invalid, and not too large',
    async (length) => {
      const input = { data: new Uint8Array(1), shape: [length], stride: [1], offset: 0 };
      await expect(connect(TARGET).call(input as never)).rejects.toMatchObject({ code: 'NPY_ARRAY' });
    },
  );
});

/** A carrier that no test uses. */
function connectable(): Carrier {
  const close = async (): Promise<void> => {};
  return { exchange: () => Promise.reject(new Error('unused')), close, [Symbol.asyncDispose]: close };
}

test.each([undefined, null, 4, '4', true, { bytes: 4, endien: 'little' }, { bytes: null }, [4]])(
  'dialects.prefixed(%j) is refused',
  (dialect) => {
    expect(() => dialects.prefixed(dialect as never)).toThrow(
      expect.objectContaining({ code: 'BRIDGE_OPTION', fault: 'caller' }),
    );
  },
);

test.each<[() => unknown, string]>([
  [() => connect(TARGET, { input: { shape: [-1, 3] } }), 'input.shape is [-1, 3]: expected a list of whole'],
  [() => connect(TARGET, { input: { shape: Array(9).fill(-1) } }), 'input.shape is a list: expected a list of whole'],
  [() => connect([]), 'target is an empty list: expected one target or more'],
  [() => connect(TARGET, { wedgedMs: 0 }), 'wedgedMs is 0: expected milliseconds above 0, or Infinity'],
  [() => connect(TARGET, { wedgedMs: '5s' as never }), 'wedgedMs is "5s": expected milliseconds above 0, or Infinity'],
])('what came and what was expected are said: %#', (use, message) => {
  expect(use).toThrow(message);
});

test.each(['tcp://127.0.0.1:1', 'unix:///run/model.sock', 'unix:@model'])(
  'a relay from %s to itself is refused, and not left to wait for its own answer',
  async (address) => {
    await expect(relay(address, ['tcp://127.0.0.1:2', address])).rejects.toMatchObject({
      code: 'BRIDGE_TARGET',
      message: expect.stringContaining(`a relay cannot listen at the address of its own model: both are ${address}`),
    });
  },
);

test.each([
  ['tcp://localhost:1', 'tcp://LOCALHOST:1'],
  ['tcp://[::a]:1', 'tcp://[::A]:1'],
])('the name of a host is the same in any case: a relay from %s to %s is refused', async (from, to) => {
  await expect(relay(from, to)).rejects.toMatchObject({ code: 'BRIDGE_TARGET' });
});

test('a list is read by its places, and not by what it iterates over', () => {
  const endless = Object.assign([TARGET], {
    *[Symbol.iterator]() {
      for (;;) yield TARGET;
    },
  });
  expect(() => connect(endless)).not.toThrow();
});

test('an option of another scheme is refused, with its name in the call', async () => {
  await expect(relay('tcp://127.0.0.1:0', TARGET, { hosts: { permissions: 0o600 } })).rejects.toThrow(
    'hosts.permissions is 384: expected nothing, because a tcp: address has no such option',
  );
  expect(() => connect('memory:model', { dialect: dialects.seed })).toThrow(
    'expected nothing, because no target has an address whose scheme knows this option',
  );
  expect(() => connect(['memory:model', TARGET], { dialect: dialects.seed })).not.toThrow();
});

test('the reason for one message at a time is the target’s own', () => {
  const dialect = dialects.prefixed({ bytes: 4, connection: 'persistent' });
  expect(() => connect(TARGET, { dialect, inFlight: 2 })).toThrow(
    'expected 1, because a persistent connection takes one message at a time',
  );
  expect(() => connect('memory:model', { inFlight: 2000 })).toThrow('expected 1 to 1024');
});

test('permissions for a TCP port are refused, since it has no file', async () => {
  await expect(serve('tcp://127.0.0.1:0', { permissions: 0o600 }, (input) => input)).rejects.toThrow(
    'permissions is 384: expected nothing, because a tcp: address has no such option',
  );
});

test('a call for a dtype of a reply that carries no single array is refused', async () => {
  const names = connect(TARGET, { codec: codecs.npz });
  await expect(names.call({ a: [1] }, { dtype: 'uint8' } as never)).rejects.toMatchObject({
    code: 'BRIDGE_OPTION',
    message: 'dtype is "uint8": expected nothing, because a reply carries named arrays',
  });
  expect(() => names.stream([{ a: [1] }], { dtype: 'uint8' } as never)).toThrow(
    expect.objectContaining({ code: 'BRIDGE_OPTION' }),
  );
  expect(names.stats.calls).toBe(1);
});

test('a list of targets with a hole is refused', () => {
  // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
  expect(() => connect([, TARGET] as never)).toThrow(expect.objectContaining({ code: 'BRIDGE_TARGET' }));
});
