import { describe, expect, test } from 'vitest';
import { listenTcp, tcp } from '../../src/carriers/tcp/tcp.ts';
import { delimited } from '../../src/framing/delimited.ts';
import type { SocketDialect } from '../../src/framing/dialect/dialect.ts';
import type { Token } from '../../src/framing/dialect/token.ts';
import { noReply } from '../../src/framing/no-reply.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { answering, everything, rawClient, rawServer } from '../support/raw-peer.ts';

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const four = uintLength({ bytes: 4 });
const line = delimited({ end: '\n' });
const plain: SocketDialect = { request: four, reply: four };
const ready: Token = { from: 'listener', message: [ascii('READY')], framing: line };
const ok: Token = { from: 'listener', message: [ascii('OK')] };
const message = [Uint8Array.of(1, 2, 3)];

async function failureOf(carrier: ReturnType<typeof tcp>, options = {}): Promise<unknown> {
  const error = await carrier.exchange(message, options).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  await carrier.close();
  return error;
}

describe('called from here', () => {
  test('another greeting than was agreed on: what was expected and what came, and the request is not sent', async () => {
    const peer = await rawServer((socket) => socket.end('220 mail.example\r\n'));
    const carrier = tcp(peer.address, { dialect: { ...plain, opening: [ready] } });
    expect(await failureOf(carrier)).toMatchObject({
      code: 'TRANSPORT_BAD_FRAME',
      fault: 'peer',
      message: `${peer.url}: expected "READY", found "220 mail.example\\r"`,
    });
    expect(Buffer.concat(peer.connections[0]?.chunks ?? [])).toHaveLength(0);
  });

  test('a greeting without an end is refused at its bound', async () => {
    const peer = await rawServer((socket) => {
      const timer = setInterval(() => socket.write('x'.repeat(10_000)), 1);
      socket.on('close', () => clearInterval(timer));
    });
    const carrier = tcp(peer.address, { dialect: { ...plain, opening: [{ ...ready, maxBytes: 100_000 }] } });
    expect(await failureOf(carrier)).toMatchObject({
      code: 'TRANSPORT_TOO_LARGE',
      detail: { maxMessageBytes: 100_000 },
    });
  }, 15_000);

  test("weights past their bound, by the length that they declare: the message's own limit does not count", async () => {
    const peer = await rawServer((socket) => socket.end(Uint8Array.of(0x7f, 0, 0, 0)));
    const opening: Token[] = [{ from: 'listener', framing: four }];
    expect(await failureOf(tcp(peer.address, { dialect: { ...plain, opening } }))).toMatchObject({
      code: 'TRANSPORT_TOO_LARGE',
      detail: { bytes: 0x7f00_0000, maxMessageBytes: 65_536 },
    });
  });

  test('no greeting: giving up ends it, and so does the peer', async () => {
    const dialect = { ...plain, opening: [ready] };
    const silent = await rawServer(() => {});
    expect(await failureOf(tcp(silent.address, { dialect }), { signal: AbortSignal.timeout(50) })).toMatchObject({
      name: 'TimeoutError',
    });
    const closing = await rawServer((socket) => socket.end('REA'));
    expect(await failureOf(tcp(closing.address, { dialect }))).toMatchObject({ code: 'TRANSPORT_CLOSED_INSIDE_REPLY' });
    const gone = await rawServer((socket) => socket.end());
    expect(await failureOf(tcp(gone.address, { dialect }))).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
  });

  test("a check of one's own: what it throws is what the exchange rejects with", async () => {
    const peer = await rawServer((socket) => socket.end('VERSION 3\n'));
    const check = (version: Uint8Array): void => {
      throw new RangeError(`not ${new TextDecoder().decode(version)}`);
    };
    const opening: Token[] = [{ from: 'listener', framing: line, check }];
    expect(await failureOf(tcp(peer.address, { dialect: { ...plain, opening } }))).toMatchObject({
      name: 'RangeError',
      message: 'not VERSION 3',
    });
  });

  test('another acknowledgement, where it is all that comes back', async () => {
    const peer = await answering(7, (socket) => socket.write('NO'));
    const dialect: SocketDialect = {
      request: four,
      reply: noReply(),
      exchange: ['request', ok],
      connection: 'persistent',
    };
    expect(await failureOf(tcp(peer.address, { dialect }))).toMatchObject({
      code: 'TRANSPORT_BAD_FRAME',
      detail: { expected: 'OK', text: 'NO' },
    });
  });

  test('greeting, acknowledgement and reply in one piece, with a reset agreed on behind it', async () => {
    const peer = await rawServer((socket) => {
      socket.write('READY\n');
      socket.once('data', () => socket.write(Buffer.concat([ascii('OK'), Uint8Array.of(0, 0, 0, 1, 9)])));
    });
    const exchange = ['request', ok, 'reply', { from: 'caller', message: [ascii('THX')] }] as const;
    const carrier = tcp(peer.address, { dialect: { ...plain, opening: [ready], exchange, close: 'reset' } });
    expect(await carrier.exchange(message)).toEqual(Uint8Array.of(9));
    await carrier.close();
    await expect
      .poll(() => Buffer.concat(peer.connections[0]?.chunks ?? []).toString('latin1'))
      .toBe('\0\0\0\x03\x01\x02\x03THX');
  });

  test("an error of a user's function for a token reaches the exchange, and nothing is uncaught", async () => {
    const peer = await answering(7, (socket) => socket.write(Uint8Array.of(0, 0, 0, 1, 9)));
    const broken: Token = {
      from: 'caller',
      framing: line,
      message: () => {
        throw new RangeError('no more');
      },
    };
    for (const dialect of [
      { ...plain, opening: [broken] },
      { ...plain, exchange: ['request', 'reply', broken] as const },
    ]) {
      expect(await failureOf(tcp(peer.address, { dialect }))).toMatchObject({ name: 'RangeError' });
    }
  });
});

describe('answered here', () => {
  const hello: Token = { from: 'caller', message: [ascii('HELLO')], framing: line };

  test.each([
    ['another greeting', 'GOODBYE\n', 'TRANSPORT_BAD_FRAME'],
    ['a greeting past its bound', `${'x'.repeat(70_000)}\n`, 'TRANSPORT_TOO_LARGE'],
    ['half a greeting', 'HEL', 'TRANSPORT_TRUNCATED'],
  ])('%s: the caller is closed, and the error told', async (_, sent, code) => {
    const told: unknown[] = [];
    let asked = 0;
    const listener = await listenTcp(
      { host: '127.0.0.1', port: 0 },
      { dialect: { ...plain, opening: [hello] }, onError: (error) => told.push(error) },
      async (request) => {
        asked++;
        return [request];
      },
    );
    const socket = await rawClient(listener.address);
    socket.end(sent);
    await everything(socket);
    await expect.poll(() => told).toEqual([expect.objectContaining({ code })]);
    expect(asked).toBe(0);
    await listener.close();
  });

  test('greeting and two requests in one piece, on a connection that is kept', async () => {
    const listener = await listenTcp(
      { host: '127.0.0.1', port: 0 },
      { dialect: { ...plain, opening: [hello, ready], exchange: ['request', ok, 'reply'], connection: 'persistent' } },
      async (request) => [request],
    );
    const socket = await rawClient(listener.address);
    socket.end(Buffer.from('HELLO\n\0\0\0\x01a\0\0\0\x01b', 'latin1'));
    expect((await everything(socket)).toString('latin1')).toBe('READY\nOK\0\0\0\x01aOK\0\0\0\x01b');
    await listener.close();
  });

  test("an error of a user's function for a greeting closes the caller and is reported, and nothing is uncaught", async () => {
    const told: unknown[] = [];
    const broken: Token = {
      from: 'listener',
      framing: line,
      message: () => {
        throw new RangeError('no weights');
      },
    };
    const listener = await listenTcp(
      { host: '127.0.0.1', port: 0 },
      { dialect: { ...plain, opening: [broken] }, onError: (error) => told.push(error) },
      async (request) => [request],
    );
    const socket = await rawClient(listener.address);
    await everything(socket);
    expect(told).toEqual([expect.objectContaining({ message: 'no weights' })]);
    await listener.close();
  });
});

test("a listener refuses the caller's last token on connections that it closes after the reply", async () => {
  const exchange = ['request', 'reply', { from: 'caller', message: [ascii('THX')] }] as const;
  await expect(
    listenTcp({ host: '127.0.0.1', port: 0 }, { dialect: { ...plain, exchange } }, async () => message),
  ).rejects.toMatchObject({
    code: 'TRANSPORT_BAD_OPTION',
    message: expect.stringContaining("connection: 'persistent'"),
  });
});

test('a check that is async is refused, with its rejection', async () => {
  const check = async (): Promise<void> => {
    throw new Error('too late');
  };
  const peer = await rawServer((socket) => socket.end('READY\n'));
  const opening = [{ from: 'listener', framing: line, check }] as const;
  expect(await failureOf(tcp(peer.address, { dialect: { ...plain, opening } }))).toMatchObject({
    code: 'TRANSPORT_BAD_OPTION',
    fault: 'caller',
  });
});

test.each([
  ['no list', { opening: ready }],
  ['nobody who sends it', { opening: [{ message: [ascii('x')] }] }],
  ['nothing that is sent', { opening: [{ from: 'caller', framing: line }] }],
  ['nothing that tells its end', { opening: [{ from: 'listener' }] }],
  ['a message whose size is not known, and no framing', { opening: [{ from: 'listener', message: () => [] }] }],
  ['no request', { exchange: ['reply'] }],
  ['a token with a misspelt name', { opening: [{ from: 'listener', message: [ascii('x')], chekc: () => {} }] }],
  ['the reply first', { exchange: ['reply', 'request'] }],
  ['a reply that does not come', { reply: noReply(), exchange: ['request', 'reply'] }],
  [
    'the caller between request and reply',
    { exchange: ['request', { from: 'caller', message: [ascii('x')] }, 'reply'] },
  ],
])('an invalid dialect: %s', (_, part) => {
  const dialect = { ...plain, ...part } as never;
  expect(() => tcp({ host: '127.0.0.1', port: 1 }, { dialect })).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }),
  );
});
