// Every exported function, and the methods of its results, are called with wrong values in place of each argument. They throw an
// error with a code, of this package, of @bridge/transport or of @bridge/npy, or succeed. A new export has to be added here.
import { isNpyError } from '@bridge/npy';
import { type Carrier, isTransportError, joinMessage, uintLength } from '@bridge/transport';
import { describe, expect, test } from 'vitest';
import { anything, exportsOf, options, problemsOf, record, type Use, use } from '../../npy/test/support/misuse.ts';
import { listenLimits, replyLimits } from '../../transport/test/limits-options.ts';
import {
  BridgeError,
  codecs,
  connect,
  dialects,
  headedMessage,
  isBridgeError,
  npyMessage,
  relay,
  serve,
} from '../src/index.ts';
import { dockerRuntime, launch } from '../src/launch/index.ts';
import { launch as lazyLaunch } from '../src/launch/load-launch.ts';
import { traceCalls } from '../src/observe/otel.ts';

const close = async (): Promise<void> => {};
/** A handler that returns its request. */
const echo: Carrier = {
  exchange: async (request) => joinMessage(request).slice(),
  close,
  [Symbol.asyncDispose]: close,
};
const HERE = 'tcp://127.0.0.1:0';
const THERE = 'tcp://127.0.0.1:1';
const framing = uintLength({ bytes: 4 });
const { signal } = new AbortController();
const dialect = options({
  name: 'own',
  request: framing,
  reply: npyMessage(),
  close: 'fin',
  connection: 'message',
  opening: [],
  exchange: ['request', 'reply'],
  codec: codecs.npy,
});
const token = options({
  from: 'listener',
  message: [Uint8Array.of(1)],
  framing,
  check: () => {},
  maxBytes: 5,
});
const schema = options({ dtype: 'uint8', shape: [null, 3] });
const guarded = {
  dialect,
  limits: replyLimits,
  inFlight: 1,
  queueLimit: 5,
  wedgedMs: 5,
  retryMs: 5,
  shared: false,
};
const connectOptions = options({ ...guarded, input: schema, output: schema, schema: 'learn', retry: 'never' });
const hosts = { dialect, limits: listenLimits };
const callOptions = { signal, timeoutMs: 5000, dtype: 'uint8', retry: 'never' };

/** A model whose carrier answers each message with the same message. */
const model = connect(echo);
const array = new Uint8Array(3);

/** The error of a user's own runtime, which cannot start anything. */
const stopped = new BridgeError('BRIDGE_LAUNCH', 'nothing is started here');
const runtime = {
  name: 'none',
  prepare: () => Promise.reject(stopped),
  start: () => Promise.reject(stopped),
  sweep: async () => [],
  [Symbol.asyncDispose]: close,
};
const launchOptions = {
  port: 6000,
  env: record({ A: 'b' }),
  replicas: 1,
  lane: options({ lean: true }),
  dialect,
  limits: replyLimits,
  shared: false,
  warmUp: anything(array),
  readyTimeoutMs: 5,
  graceMs: 5,
  maxRestarts: 5,
  spinMs: 5,
  logBytes: 5,
  name: 'model',
  onEvent: () => {},
  signal,
  runtime,
};
const launching =
  (start: typeof launch) =>
  async (spec: never): Promise<void> => {
    const error: unknown = await start(spec).catch((failure: unknown) => failure);
    if (error !== stopped) throw error;
  };
const launches = (start: typeof launch): Use[] => [
  use(launching(start), options({ ...launchOptions, command: ['python3', 'model.py'], cwd: '/' })),
  use(
    launching(start),
    options({
      ...launchOptions,
      image: 'model:1',
      command: ['serve'],
      memory: '1g',
      gpus: 'all',
    }),
  ),
  use(
    launching(start),
    options({
      ...launchOptions,
      build: options({ context: '.', dockerfile: 'Dockerfile', args: record({ A: 'b' }), target: 'x', tag: 'y' }),
    }),
  ),
  use(
    (mount) => launching(start)({ image: 'model:1', port: 1, mounts: [mount], runtime } as never),
    options({ source: '/a', target: '/b', readOnly: true }),
  ),
];

const header = options({ encode: () => '1', decode: () => undefined });

/** Exports of other packages, which have misuse tests of their own. */
const THEIRS = [
  '. array',
  '. asciiLength',
  '. decimalLength',
  '. delimited',
  '. dtypeOf',
  '. fixedLength',
  '. hasDType',
  '. isNpyError',
  '. isTransportError',
  '. makeCarrier',
  '. noReply',
  '. toNested',
  '. uintLength',
  '. untilClose',
];

const USES: Readonly<Record<string, readonly Use[]>> = {
  // Only this package makes these errors, so their arguments are not checked.
  '. BridgeError': [],
  '. connect': [
    use(connect, THERE, connectOptions),
    use((each) => connect([each]), THERE),
    use((given) => connect(THERE, { dialect: { ...dialects.seed, opening: [given] } }), token),
    use((given) => connect(THERE, { dialect: { ...dialects.seed, exchange: ['request', given, 'reply'] } }), token),
    use(model.call.bind(model), array, options(callOptions)),
    use(
      async (frames, given) => {
        for await (const { output } of model.stream(frames, given)) expect(output.shape).toEqual([3]);
      },
      [array],
      options({ ...callOptions, policy: 'every', inFlight: 1, ordered: true }),
    ),
    use((given) => connect(echo).close(given), options({ timeoutMs: 5 })),
  ],
  '. codecs': [
    use(codecs.raw, options({ dtype: 'uint8', shape: [2, null] })),
    use(codecs.pickled, options({ protocol: 4 })),
    use(codecs.headed, header),
  ],
  '. dialects': [
    use(
      dialects.prefixed,
      options({
        bytes: 4,
        endian: 'big',
        name: 'own',
        close: 'fin',
        connection: 'message',
        opening: [],
        exchange: ['request', 'reply'],
      }),
    ),
    use((given) => dialects.prefixed({ bytes: 4, opening: [given] }), token),
  ],
  '. headedMessage': [use(headedMessage, header)],
  '. isBridgeError': [use(isBridgeError, anything(5), anything('BRIDGE_CLOSED'))],
  '. launch': launches(lazyLaunch),
  '. npyMessage': [
    use(npyMessage),
    use(npyMessage().encode, [array]),
    use(npyMessage().decoder, options({ maxMessageBytes: 5 })),
  ],
  '. relay': [
    use(
      relay,
      HERE,
      THERE,
      options({ ...guarded, hosts: options(hosts), retry: 'never', input: schema, onError: () => {} }),
    ),
  ],
  '. serve': [use(serve, HERE, options({ ...hosts, input: schema, onError: () => {} }), (input: unknown) => input)],
  // No engine listens at that address, so a correct call fails with a code as well.
  './launch dockerRuntime': [
    use(
      async (env) => {
        const error: unknown = await dockerRuntime(env).catch((failure: unknown) => failure);
        if (!isBridgeError(error, 'BRIDGE_LAUNCH')) throw error;
      },
      record({ DOCKER_HOST: 'unix:///nowhere.sock' }),
    ),
  ],
  './launch launch': launches(launch),
  './otel traceCalls': [use(traceCalls, options({ tracer: { startSpan() {} } }))],
};

test('the list has every export', async () => {
  expect([...Object.keys(USES), ...THEIRS].sort()).toEqual(await exportsOf(new URL('../', import.meta.url)));
});

describe.each(Object.entries(USES).filter(([, uses]) => uses.length > 0))('%s', (_, uses) => {
  test('every wrong argument gives an error with a code', async () => {
    const isCoded = (error: unknown): boolean => isBridgeError(error) || isTransportError(error) || isNpyError(error);
    for (const each of uses) expect.soft(await problemsOf(each, isCoded)).toEqual([]);
  });
});
