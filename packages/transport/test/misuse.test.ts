// Every exported function is called with wrong values in place of each argument, and throws a TransportError with a code or
// succeeds. A new export has to be added here.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { anything, exportsOf, options, problemsOf, type Use, use } from '../../npy/test/support/misuse.ts';
import { listenMemory, memory } from '../src/carriers/memory/memory.ts';
import { listenTcp, ReplyPace, tcp } from '../src/carriers/tcp/tcp.ts';
import { listenUnix, unix } from '../src/carriers/unix/unix.ts';
import * as transport from '../src/index.ts';
import * as turns from '../src/machine/index.ts';
import { answerLimits, listenLimits, replyLimits } from './limits-options.ts';

const {
  asciiLength,
  checkDialect,
  decimalLength,
  delimited,
  describeValue,
  fixedLength,
  FrameAssembler,
  isTransportError,
  joinMessage,
  messageBytes,
  noReply,
  makeCarrier,
  provesUnseen,
  resolveFrameLimits,
  resolveReplyLimits,
  uintLength,
  untilClose,
} = transport;

const folder = mkdtempSync(join(tmpdir(), 'misuse-'));
afterAll(() => rmSync(folder, { recursive: true }));

const echo: transport.Handler = async (request) => [request];
const bytes = [Uint8Array.of(1, 2)];
const frameLimits = options({ maxMessageBytes: 5 });
const framing = uintLength({ bytes: 4 });
const token = (from: 'caller' | 'listener') => options({ from, message: bytes, framing, check: () => {}, maxBytes: 5 });
const dialect = options({
  request: framing,
  reply: framing,
  close: 'fin',
  connection: 'message',
  opening: [],
  exchange: ['request', 'reply'],
});
const callerOptions = options({ dialect, limits: replyLimits, isPeer: () => true });
const listenerOptions = { dialect, limits: listenLimits, oneMessage: true, onError: () => {} };
const address = options({ host: '127.0.0.1', port: 0 });
const path = options({ path: join(folder, 'socket') });
const signal = new AbortController().signal;
const exchangeOptions = options({ signal, progress: () => {} });

/** Makes a carrier whose dialect has `given` as its greeting and as its acknowledgement. */
const greetings = (given: unknown): unknown =>
  tcp(
    { host: '127.0.0.1', port: 1 },
    { dialect: { request: framing, reply: framing, opening: [given], exchange: ['request', given, 'reply'] } as never },
  );

const USES: Readonly<Record<string, readonly Use[]>> = {
  '. FrameAssembler': [
    use(
      (measure, limits) => new FrameAssembler(measure, limits),
      () => undefined,
      frameLimits,
    ),
  ],
  // Only this package makes these errors, so their arguments are not checked.
  '. TransportError': [],
  '. asciiLength': [use(asciiLength, options({ width: 4 })), ...framingUses(asciiLength({ width: 4 }))],
  '. checkDialect': [use(checkDialect, 'dialect', dialect, 'caller')],
  '. decimalLength': [use(decimalLength, options({ end: ':' })), ...framingUses(decimalLength({ end: ':' }))],
  '. defaultFrameLimits': [],
  '. delimited': [use(delimited, options({ end: '\n', keep: false })), ...framingUses(delimited({ end: '\n' }))],
  '. describeValue': [use(describeValue, anything(bytes))],
  '. fixedLength': [use(fixedLength, options({ bytes: 2 })), ...framingUses(fixedLength({ bytes: 2 }))],
  '. isTransportError': [use(isTransportError, anything(5), anything('TRANSPORT_CLOSED'))],
  '. joinMessage': [use(joinMessage, bytes)],
  '. messageBytes': [use(messageBytes, bytes)],
  '. noReply': [use(noReply)],
  '. makeCarrier': [
    use(makeCarrier, 'somewhere', { exchange: async () => bytes[0], rest() {}, finished: async () => {}, unref() {} }),
    use(makeCarrier('somewhere', { exchange: async () => Uint8Array.of(1) }).exchange, bytes, exchangeOptions),
  ],
  '. provesUnseen': [use(provesUnseen, anything(5))],
  '. resolveFrameLimits': [use(resolveFrameLimits, frameLimits)],
  '. resolveReplyLimits': [use(resolveReplyLimits, replyLimits)],
  '. uintLength': [use(uintLength, options({ bytes: 4, endian: 'big' })), ...framingUses(framing)],
  '. untilClose': [use(untilClose), ...framingUses(untilClose())],
  './memory listenMemory': [use(listenMemory, 'name', options({ limits: answerLimits, onError: () => {} }), echo)],
  './memory memory': [use(memory, await listenMemory('name', {}, echo), options({ limits: frameLimits }))],
  './tcp ReplyPace': [
    use(
      (limits, late) => new ReplyPace(limits, late),
      replyLimits,
      () => {},
    ),
  ],
  './tcp listenTcp': [use(listenTcp, address, options(listenerOptions), echo)],
  './tcp tcp': [use(tcp, address, callerOptions), use(greetings, token('listener'))],
  './machine isLoopback': [use(turns.isLoopback, '127.0.0.1')],
  './machine listenersIn': [use(turns.listenersIn, '', 6000)],
  './machine listenersOf': [use(turns.listenersOf, 6000, process.pid)],
  './machine listening': [use(turns.listening, address)],
  './machine listeningAtPath': [use(turns.listeningAtPath, '/run/model.sock')],
  './machine takeTurn': [
    use(
      async (name, given) => await (await turns.takeTurn(name, given)).release(),
      `misuse-${process.pid}`,
      options({ onWanted: () => {}, onHolder: () => {}, signal, names: 'file' }),
    ),
  ],
  './unix listenUnix': [use(listenUnix, path, options({ ...listenerOptions, permissions: 0o600 }), echo)],
  './unix unix': [use(unix, path, callerOptions)],
};

/** Returns the uses of a framing: its encoder, and the decoder that it returns. */
function framingUses({ encode, decoder }: transport.Framing): Use[] {
  return [
    use(encode, bytes),
    use(decoder, frameLimits),
    use((chunk) => decoder().push(chunk), new Uint8Array(0)),
    use((count) => {
      const fed = decoder();
      fed.space();
      return fed.filled(count);
    }, 0),
  ];
}

test('the list has every export', async () => {
  const exported = await exportsOf(new URL('../', import.meta.url));
  // ./internal is for the other packages of this repository and checks no arguments.
  expect(Object.keys(USES).sort()).toEqual(exported.filter((name) => !name.startsWith('./internal ')));
});

describe.each(Object.entries(USES).filter(([, uses]) => uses.length > 0))('%s', (_, uses) => {
  test('every wrong argument gives an error with a code', async () => {
    for (const each of uses) expect(await problemsOf(each, isTransportError)).toEqual([]);
  });
});
