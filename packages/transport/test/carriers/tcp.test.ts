// The TCP carrier keeps the carrier's contract, with ten digits in front of requests, and with both ways of closing. Its own tests
// follow: names, refused connections, and peers that close, reset, declare wrong lengths, or send too much.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { resolveListenLimits } from '../../src/answering/listen-limits.ts';
import { listenTcp, type SocketDialect, type SocketOptions, type TcpAddress, tcp } from '../../src/carriers/tcp/tcp.ts';
import { provesUnseen } from '../../src/errors/transport-error.ts';
import { resolveReplyLimits } from '../../src/exchange/reply-limits.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import type { Framing } from '../../src/framing/framing.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { untilClose } from '../../src/framing/until-close.ts';
import { CallerConnection } from '../../src/stream/caller-connection.ts';
import { OutgoingMessage } from '../../src/stream/outgoing-message.ts';
import { callerOptions } from '../../src/stream/stream-options.ts';
import { answeringContract } from '../answering-contract.ts';
import { carrierContract } from '../carrier-contract.ts';
import { freePort } from '../support/free-port.ts';
import { memoryAskedFor } from '../support/memory-asked-for.ts';
import { answering, everything, rawServer } from '../support/raw-peer.ts';

const dialect: SocketDialect = { request: asciiLength({ width: 10 }), reply: uintLength({ bytes: 4 }) };
const request = Uint8Array.from({ length: 20 }, (_, i) => i);
/** The size of a framed request: ten digits and the twenty bytes of `request`. */
const REQUEST_BYTES = 30;
/** A reply of 100 bytes with the dialect's framing. */
const reply = Buffer.concat([Uint8Array.of(0, 0, 0, 100), new Uint8Array(100).fill(5)]);

for (const close of ['fin', 'reset'] as const) {
  carrierContract(`tcp, ${close}`, {
    async listen(handler, onError = () => {}) {
      const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, { dialect, onError }, handler);
      const { hostname, port } = new URL(listener.address);
      return { listener, carrier: tcp({ host: hostname, port: Number(port) }, { dialect: { ...dialect, close } }) };
    },
  });
}

carrierContract('tcp, closed by the peer', {
  async listen(handler, onError = () => {}) {
    const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, { dialect, onError }, handler);
    const { hostname, port } = new URL(listener.address);
    return {
      listener,
      carrier: tcp({ host: hostname, port: Number(port) }, { dialect: { ...dialect, close: 'peer' } }),
    };
  },
});

carrierContract('tcp, persistent', {
  async listen(handler, onError = () => {}) {
    const options = { dialect, onError, oneMessage: false };
    const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, options, handler);
    const { hostname, port } = new URL(listener.address);
    const kept: SocketDialect = { ...dialect, connection: 'persistent' };
    return { listener, carrier: tcp({ host: hostname, port: Number(port) }, { dialect: kept }) };
  },
});

for (const connection of ['message', 'persistent'] as const) {
  const spoken: SocketDialect = { ...dialect, connection };
  answeringContract(`tcp, connection: ${connection}`, {
    async listen(handler, limits, onError) {
      const listener = await listenTcp({ host: '127.0.0.1', port: 0 }, { dialect: spoken, limits, onError }, handler);
      const { hostname, port } = new URL(listener.address);
      return { listener, carrier: tcp({ host: hostname, port: Number(port) }, { dialect: spoken }) };
    },
  });
}

/** Resolves with the error of one exchange with `address`, or with undefined. */
async function exchangeError(address: TcpAddress, options: Partial<SocketOptions> = {}): Promise<unknown> {
  await using carrier = tcp(address, { dialect, ...options });
  return await carrier.exchange([request]).then(
    () => undefined,
    (error: unknown) => error,
  );
}

/** Returns a framing whose decoder makes the peer reset the connection when it has taken the first bytes of a reply. */
function resettingWhenRead(framing: Framing, peer: () => Socket | undefined): Framing {
  return {
    ...framing,
    decoder(limits) {
      const decoder = framing.decoder(limits);
      const filled = decoder.filled.bind(decoder);
      decoder.filled = (bytes) => {
        peer()?.resetAndDestroy();
        return filled(bytes);
      };
      return decoder;
    },
  };
}

describe('an address at which nothing listens', () => {
  test('nothing listens', async () => {
    const port = await freePort();
    expect(await exchangeError({ host: '127.0.0.1', port })).toMatchObject({
      code: 'TRANSPORT_REFUSED',
      fault: 'environment',
      message: `nothing listens at tcp://127.0.0.1:${port}`,
      detail: { address: `tcp://127.0.0.1:${port}` },
      cause: { code: 'ECONNREFUSED' },
    });
  });

  test('a name that no resolver knows', async () => {
    expect(await exchangeError({ host: 'no-such-host.invalid', port: 6000 })).toMatchObject({
      code: 'TRANSPORT_UNREACHABLE',
      fault: 'environment',
      detail: { address: 'tcp://no-such-host.invalid:6000' },
      cause: { syscall: 'getaddrinfo' },
    });
  });

  test.each([-1, 65_536, 1.5, Number.NaN])('an invalid port, to call and to listen on: %d', async (port) => {
    const refused = expect.objectContaining({
      code: 'TRANSPORT_BAD_ADDRESS',
      fault: 'caller',
      detail: { host: '127.0.0.1', port },
    });
    expect(() => tcp({ host: '127.0.0.1', port }, { dialect })).toThrow(refused);
    await expect(listenTcp({ host: '127.0.0.1', port }, { dialect }, async () => [])).rejects.toEqual(refused);
  });

  test('a socket that connects to itself, which can happen where nothing listens, is refused', async () => {
    const port = await freePort();
    const own = { host: '127.0.0.1', port, localAddress: '127.0.0.1', localPort: port };
    const target = { connect: own, address: `tcp://127.0.0.1:${port}`, port };
    const connection = new CallerConnection(target, callerOptions({ dialect }));
    const progress = vi.fn();
    await expect(connection.exchange(new OutgoingMessage([request]), { progress })).rejects.toMatchObject({
      code: 'TRANSPORT_REFUSED',
      cause: { message: `connected to itself, port ${port}` },
    });
    expect(progress).not.toHaveBeenCalled();
  });

  test.each([
    [undefined, 'an address'],
    [null, 'an address'],
    ['tcp://127.0.0.1:1', 'text'],
    [{}, 'no host'],
    [{ host: '', port: 1 }, 'an empty host'],
    [{ host: 5, port: 1 }, 'a number'],
    [{ host: '127.0.0.1' }, 'no port'],
    [{ host: '127.0.0.1', port: '1' }, 'a port in text'],
  ])('an invalid address: %j (%s)', async (address: unknown, _what) => {
    const refused = expect.objectContaining({ name: 'TransportError', code: 'TRANSPORT_BAD_ADDRESS', fault: 'caller' });
    expect(() => tcp(address as TcpAddress, { dialect })).toThrow(refused);
    await expect(listenTcp(address as TcpAddress, { dialect }, async () => [])).rejects.toEqual(refused);
  });

  test.each([
    ['dialect', undefined],
    ['options', 5],
    ['dialect', {}],
    ['dialect', { dialect: 'seed' }],
    ['dialect', { dialect: null }],
    ['dialect.reply', { dialect: { request: dialect.request } }],
    ['dialect.request.decoder', { dialect: { ...dialect, request: { encode: () => [] } } }],
    ['dialect.close', { dialect: { ...dialect, close: 'now' } }],
    ['dialect.connection', { dialect: { ...dialect, connection: true } }],
    ['limits', { dialect, limits: 5 }],
    ['limits.maxMessageBytes', { dialect, limits: { maxMessageBytes: Number.NaN } }],
    ['limits.maxMessageBytes', { dialect, limits: { maxMessageBytes: -1 } }],
    ['limits.maxMessageBytes', { dialect, limits: { maxMessageBytes: '1000' } }],
  ])('an invalid option: %s in %o', async (option, options) => {
    const refused = expect.objectContaining({
      name: 'TransportError',
      code: 'TRANSPORT_BAD_OPTION',
      fault: 'caller',
      message: expect.stringContaining(option),
    });
    const address = { host: '127.0.0.1', port: 0 };
    expect(() => tcp(address, options as never)).toThrow(refused);
    await expect(listenTcp(address, options as never, async () => [])).rejects.toEqual(refused);
  });

  test('a listener without a handler, or with invalid options of listeners', async () => {
    const address = { host: '127.0.0.1', port: 0 };
    const refused = (option: string) => ({ code: 'TRANSPORT_BAD_OPTION', detail: { option } });
    await expect(listenTcp(address, { dialect }, undefined as never)).rejects.toMatchObject(refused('handler'));
    await expect(listenTcp(address, { dialect, onError: 5 } as never, async () => [])).rejects.toMatchObject(
      refused('onError'),
    );
    await expect(listenTcp(address, { dialect, oneMessage: 'no' } as never, async () => [])).rejects.toMatchObject(
      refused('oneMessage'),
    );
  });

  test('null counts as left out, everywhere', async () => {
    const limits = Object.fromEntries(Object.keys(resolveListenLimits()).map((name) => [name, null]));
    expect(resolveListenLimits(limits as never)).toEqual(resolveListenLimits());
    expect(resolveReplyLimits({ stallMs: null, stallBytes: null } as never)).toEqual(resolveReplyLimits());
    const token = { from: 'listener', message: [Uint8Array.of(1)], framing: null, check: null, maxBytes: null };
    const parts = { close: null, connection: null, exchange: null, opening: [token], name: null };
    const options = { dialect: { ...dialect, ...parts }, limits: null };
    const shared = { ...options, oneMessage: null, onError: null };
    await using listener = await listenTcp(
      { host: '127.0.0.1', port: 0 },
      { ...shared, limits } as never,
      async (message) => [message],
    );
    const address = { host: '127.0.0.1', port: Number(new URL(listener.address).port) };
    await using carrier = tcp(address, { ...options, isPeer: null } as never);
    expect(await carrier.exchange([request], { signal: null, progress: null } as never)).toEqual(request);
  });

  test('a carrier reaches a listener that starts later', async () => {
    const address = { host: '127.0.0.1', port: await freePort() };
    await using carrier = tcp(address, { dialect });
    await expect(carrier.exchange([request])).rejects.toMatchObject({ code: 'TRANSPORT_REFUSED' });
    for (let life = 0; life < 2; life++) {
      await using _listener = await listenTcp(address, { dialect }, async (message) => [message]);
      expect(await carrier.exchange([request])).toEqual(request);
    }
    await expect(carrier.exchange([request])).rejects.toMatchObject({ code: 'TRANSPORT_REFUSED' });
  });
});

describe('a message and its connection', () => {
  test('header and body arrive in one segment', async () => {
    // The server runs in a worker, which reads each segment as it arrives. In this thread it could only read after the carrier has
    // written all of them.
    const server = new Worker(new URL('./first-segments.mjs', import.meta.url));
    onTestFinished(async () => void (await server.terminate()));
    const [port] = (await once(server, 'message')) as [number];
    await using carrier = tcp({ host: '127.0.0.1', port }, { dialect: { ...dialect, reply: untilClose() } });
    const parts = Array.from(request, (byte) => Uint8Array.of(byte));
    for (let i = 0; i < 100; i++) {
      const segment = await carrier.exchange(parts);
      expect(Buffer.from(segment)).toEqual(Buffer.concat([Buffer.from('20        '), request]));
    }
  });

  test('no connection is opened without its message, at whatever moment the caller gives up', async () => {
    const server = await answering(REQUEST_BYTES, (socket) => socket.write(reply));
    await using carrier = tcp(server.address, { dialect });
    for (let moment = 0; moment < 40; moment++) {
      const controller = new AbortController();
      const exchange = carrier.exchange([request], { signal: controller.signal }).catch(() => {});
      for (let turn = 0; turn < moment % 20; turn++) {
        await (moment < 20 ? Promise.resolve() : new Promise((resolve) => process.nextTick(resolve)));
      }
      controller.abort();
      await exchange;
    }
    await carrier.exchange([request]);
    await Promise.all(server.connections.map(({ closed }) => closed));
    expect(server.connections.length).toBeGreaterThan(1);
    for (const { chunks } of server.connections) expect(Buffer.concat(chunks)).toHaveLength(REQUEST_BYTES);
  });

  test('memory transferred while connecting: the message stays whole, in zeros, and its caller is told', async () => {
    const server = await answering(REQUEST_BYTES, (socket) => socket.write(reply));
    await using carrier = tcp(server.address, { dialect });
    const lost = request.slice();
    const exchange = carrier.exchange([lost.slice(0, 0), lost]).catch((error: unknown) => error);
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    structuredClone(lost.buffer, { transfer: [lost.buffer] });
    expect(await exchange).toMatchObject({
      code: 'TRANSPORT_BAD_MESSAGE',
      fault: 'caller',
      detail: { part: 2, expected: 20, actual: 0 },
    });
    // The carrier has read the reply, and can be used again.
    expect(await carrier.exchange([request])).toHaveLength(100);
    expect(server.connections).toHaveLength(2);
    const wires = server.connections.map(({ chunks }) => Buffer.concat(chunks));
    expect(wires[0]).toEqual(Buffer.concat([Buffer.from('20        '), new Uint8Array(20)]));
    expect(wires[1]).toEqual(Buffer.concat([Buffer.from('20        '), request]));
  });

  test('memory transferred before a connection was asked for: none is opened', async () => {
    const server = await answering(REQUEST_BYTES, (socket) => socket.write(reply));
    await using carrier = tcp({ ...server.address, host: 'localhost' }, { dialect });
    const lost = request.slice();
    // The carrier looks the name up before it connects.
    const exchange = carrier.exchange([lost]).catch((error: unknown) => error);
    structuredClone(lost.buffer, { transfer: [lost.buffer] });
    expect(await exchange).toMatchObject({
      code: 'TRANSPORT_BAD_MESSAGE',
      message: expect.stringContaining('localhost'),
      detail: { part: 1, expected: 20, actual: 0 },
    });
    await carrier.exchange([request]);
    expect(server.connections).toHaveLength(1);
  });

  test('a buffer made smaller while connecting, and one made larger', async () => {
    const server = await answering(REQUEST_BYTES, (socket) => socket.write(reply));
    await using carrier = tcp(server.address, { dialect });
    for (const size of [7, 30]) {
      const memory = new ArrayBuffer(20, { maxByteLength: 30 });
      const view = new Uint8Array(memory);
      view.set(request);
      const exchange = carrier.exchange([view]).catch((error: unknown) => error);
      await Promise.resolve();
      memory.resize(size);
      if (size < 20) expect(await exchange).toMatchObject({ code: 'TRANSPORT_BAD_MESSAGE', detail: { actual: 7 } });
      else expect(await exchange).toHaveLength(100);
    }
    expect(server.connections.map(({ chunks }) => Buffer.concat(chunks).length)).toEqual([
      REQUEST_BYTES,
      REQUEST_BYTES,
    ]);
  });

  test('a framing whose encoder returns no bytes is refused before a connection is opened', async () => {
    const server = await answering(REQUEST_BYTES, (socket) => socket.write(reply));
    for (const wire of [undefined, 'text', [5]]) {
      const wrong: Framing = { ...dialect.request, encode: () => wire as never };
      expect(await exchangeError(server.address, { dialect: { ...dialect, request: wrong } })).toMatchObject({
        code: 'TRANSPORT_BAD_MESSAGE',
      });
    }
    expect(await exchangeError(server.address)).toBeUndefined();
    expect(server.connections).toHaveLength(1);
  });

  test.each([0, 1])(
    'a decoder that cannot lend memory, after %i times: its exchange fails, not the process',
    async (times) => {
      const server = await answering(REQUEST_BYTES, (socket) => {
        socket.write(reply.subarray(0, 50));
      });
      const reason = new Error('no memory');
      const poor: Framing = {
        ...dialect.reply,
        decoder(limits) {
          const decoder = dialect.reply.decoder(limits);
          const space = decoder.space.bind(decoder);
          let lent = 0;
          decoder.space = () => {
            if (lent++ >= times) throw reason;
            return space();
          };
          return decoder;
        },
      };
      expect(await exchangeError(server.address, { dialect: { ...dialect, reply: poor } })).toBe(reason);
      expect(server.connections).toHaveLength(times === 0 ? 0 : 1);
      for (const { chunks } of server.connections) expect(Buffer.concat(chunks)).toHaveLength(REQUEST_BYTES);
    },
  );

  test('a message that the framing cannot encode is refused before a connection is opened', async () => {
    const server = await rawServer(() => {});
    const small = { ...dialect, request: asciiLength({ width: 1 }) };
    expect(await exchangeError(server.address, { dialect: small })).toMatchObject({
      code: 'TRANSPORT_TOO_LARGE',
      fault: 'caller',
      message: expect.stringContaining(server.url),
      detail: { bytes: 20, width: 1, address: server.url },
    });
    // Connections arrive in order, so the server would see an earlier one before this one.
    await using carrier = tcp(server.address, { dialect });
    const controller = new AbortController();
    void carrier.exchange([request], { signal: controller.signal }).catch(() => {});
    await expect.poll(() => server.connections.length).toBeGreaterThan(0);
    controller.abort();
    expect(server.connections).toHaveLength(1);
  });

  test('a request that ends with its stream is sent with the end, and the reply still comes', async () => {
    const both: SocketDialect = { request: untilClose(), reply: untilClose() };
    const server = await rawServer((socket) => {
      void everything(socket).then((all) => socket.end(all.reverse()));
    });
    await using carrier = tcp(server.address, { dialect: both });
    expect(await carrier.exchange([Uint8Array.of(1, 2), Uint8Array.of(3)])).toEqual(Uint8Array.of(3, 2, 1));
  });
});

describe('a connection that is kept', () => {
  const kept: SocketDialect = { ...dialect, connection: 'persistent' };
  const many = (answer: (socket: Socket, nth: number) => void) => {
    let messages = 0;
    return rawServer((socket) => {
      let received = 0;
      socket.on('end', () => socket.end());
      socket.on('data', (chunk) => {
        received += chunk.length;
        if (received % REQUEST_BYTES === 0) answer(socket, ++messages);
      });
    });
  };

  test('carries one message after the other, until rest()', async () => {
    const server = await many((socket) => socket.write(reply));
    await using carrier = tcp(server.address, { dialect: kept });
    for (let i = 0; i < 3; i++) await carrier.exchange([request]);
    expect(server.connections).toHaveLength(1);
    carrier.rest?.();
    await server.connections[0]?.closed;
    await carrier.exchange([request]);
    expect(server.connections).toHaveLength(2);
  });

  test('is replaced if the peer closes it or sends bytes that nobody asked for', async () => {
    for (const unasked of [(socket: Socket) => socket.end(), (socket: Socket) => void socket.write('hello')]) {
      const sockets: Socket[] = [];
      const server = await many((socket) => {
        sockets.push(socket);
        socket.write(reply);
      });
      await using carrier = tcp(server.address, { dialect: kept });
      await carrier.exchange([request]);
      for (const socket of sockets) unasked(socket);
      await server.connections[0]?.closed;
      await carrier.exchange([request]);
      expect(server.connections).toHaveLength(2);
    }
  });

  test('is lost during a message: the peer may have seen it', async () => {
    const server = await many((socket, nth) => (nth === 2 ? socket.resetAndDestroy() : socket.write(reply)));
    await using carrier = tcp(server.address, { dialect: kept });
    await carrier.exchange([request]);
    const error = await carrier.exchange([request]).catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'TRANSPORT_CLOSED_BEFORE_REPLY' });
    expect(provesUnseen(error)).toBe(false);
    await carrier.exchange([request]);
  });
});

describe("a user's own signal that breaks the rules of signals", () => {
  /** Returns a signal that ignores removeEventListener and can fire more than once. */
  function stubborn() {
    const listeners: (() => void)[] = [];
    const signal = {
      aborted: false,
      reason: undefined as unknown,
      addEventListener: (_: 'abort', listener: () => void) => void listeners.push(listener),
      removeEventListener: () => {},
    };
    const fire = (reason: unknown): void => {
      Object.assign(signal, { aborted: true, reason });
      for (const listener of listeners) listener();
    };
    return { signal, fire };
  }

  test('fired again while its message is delivered: the message stays whole', async () => {
    const large = 20_000_000;
    let received = 0;
    const server = await rawServer((socket) => {
      socket.on('data', (chunk) => {
        received += chunk.length;
      });
      socket.on('end', () => socket.end());
    });
    await using carrier = tcp(server.address, { dialect });
    const { signal, fire } = stubborn();
    const given = carrier.exchange([new Uint8Array(large)], { signal }).catch((reason: unknown) => reason);
    for (let turn = 0; turn < 5; turn++) await undefined;
    fire('once');
    expect(await given).toBe('once');
    await expect.poll(() => received).toBeGreaterThan(0);
    fire('twice');
    await server.connections[0]?.closed;
    expect(received).toBe(10 + large);
  });

  test('fired after its exchange: the next one on the connection is not given up', async () => {
    let answer = (): void => {};
    let asked = 0;
    const server = await rawServer((socket) => {
      socket.on('data', () => {
        answer = (): void => void socket.write(reply);
        if (asked++ === 0) answer();
      });
      socket.on('end', () => socket.end());
    });
    await using carrier = tcp(server.address, { dialect: { ...dialect, connection: 'persistent' } });
    const { signal, fire } = stubborn();
    await carrier.exchange([request], { signal });
    const next = carrier.exchange([request]).catch((error: unknown) => error);
    await expect.poll(() => asked).toBe(2);
    fire('late');
    answer();
    expect(await next).toHaveLength(100);
  });
});

test('a peer that answers before it has the whole message still gets all of it', async () => {
  const large = 20_000_000;
  for (const close of ['fin', 'reset', 'peer'] as const) {
    let received = 0;
    let peer: Socket | undefined;
    const server = await rawServer((socket) => {
      peer = socket;
      socket.once('data', () => {
        socket.write(reply);
        socket.pause();
      });
      socket.on('data', (chunk) => {
        received += chunk.length;
        if (received === 10 + large) socket.end();
      });
      socket.on('end', () => socket.end());
    });
    await using carrier = tcp(server.address, { dialect: { ...dialect, close } });
    expect(await carrier.exchange([new Uint8Array(large)])).toHaveLength(100);
    peer?.resume();
    await server.connections[0]?.closed;
    expect(received).toBe(10 + large);
  }
});

test('`progress` is told each step of an exchange, in order', async () => {
  let sendRest = (): void => {};
  const server = await answering(REQUEST_BYTES, (socket) => {
    socket.write(reply.subarray(0, 10));
    sendRest = () => void socket.write(reply.subarray(10));
  });
  await using carrier = tcp(server.address, { dialect });
  const steps: string[] = [];
  const progress = (step: string): void => {
    steps.push(step);
    if (steps.length === 3) sendRest();
  };
  await carrier.exchange([request], { progress });
  expect(steps).toEqual(['connected', 'sent', 'reading', 'reading']);
});

test('a reply that is refused is read to its end before the connection goes', async () => {
  const large = 20_000_000;
  let left: Promise<unknown> | undefined;
  const server = await answering(REQUEST_BYTES, (socket) => {
    const written = new Promise<unknown>((resolve) => socket.write(new Uint8Array(large), resolve));
    left = written;
  });
  const limited = { dialect: { ...dialect, reply: uintLength({ bytes: 2 }), close: 'reset' as const } };
  await using carrier = tcp(server.address, limited);
  const error = await carrier.exchange([request]).catch((e: unknown) => e);
  expect(error).toMatchObject({ code: 'TRANSPORT_BAD_FRAME' });
  expect(await left).toBeFalsy();
});

test('a refused reply of a peer that falls silent inside it: the caller is told, and the peer is not reset', async () => {
  let peer: Socket | undefined;
  const server = await answering(REQUEST_BYTES, (socket) => {
    peer = socket;
    socket.write(Uint8Array.of(0, 0, 0x80, 0));
  });
  const limited = { dialect: { ...dialect, close: 'reset' as const }, limits: { maxMessageBytes: 100 } };
  await using carrier = tcp(server.address, limited);
  await expect(carrier.exchange([request])).rejects.toMatchObject({ code: 'TRANSPORT_TOO_LARGE' });
  const rest = new Promise((resolve) => peer?.write(new Uint8Array(20_000_000), resolve));
  expect(await rest).toBeFalsy();
});

describe('far ends that close', () => {
  const where = (socket: string): unknown => expect.stringContaining(socket);

  test.each([
    ['FIN', 'end', false],
    ['RST', 'resetAndDestroy', true],
  ] as const)('before the reply: %s', async (_, way, reset) => {
    const server = await answering(REQUEST_BYTES, (socket) => void socket[way]());
    const error = await exchangeError(server.address);
    expect(error).toMatchObject({
      code: 'TRANSPORT_CLOSED_BEFORE_REPLY',
      fault: 'peer',
      message: where('before its reply'),
    });
    expect((error as { detail: unknown }).detail).toEqual({
      address: server.url,
      replyBytes: 0,
      expected: undefined,
      reset,
    });
  });

  test.each([
    ["inside the reply's length", 3, undefined],
    ["behind the reply's length", 4, 100],
    ['inside the reply', 60, 100],
    ["before the reply's last byte", 103, 100],
  ])('%s: FIN', async (_, bytes, expected) => {
    const server = await answering(REQUEST_BYTES, (socket) => socket.end(reply.subarray(0, bytes)));
    const error = await exchangeError(server.address);
    expect(error).toMatchObject({
      code: 'TRANSPORT_CLOSED_INSIDE_REPLY',
      fault: 'peer',
      message: where('inside its reply'),
      cause: { code: 'TRANSPORT_TRUNCATED' },
    });
    expect((error as { detail: unknown }).detail).toEqual({
      address: server.url,
      replyBytes: bytes,
      expected,
      reset: false,
    });
  });

  test.each([3, 60])('inside the reply, after %i bytes: RST', async (bytes) => {
    let peer: Socket | undefined;
    const server = await answering(REQUEST_BYTES, (socket) => {
      peer = socket;
      socket.write(reply.subarray(0, bytes));
    });
    const failed = exchangeError(server.address, {
      dialect: { ...dialect, reply: resettingWhenRead(dialect.reply, () => peer) },
    });
    expect(await failed).toMatchObject({
      code: 'TRANSPORT_CLOSED_INSIDE_REPLY',
      detail: { address: server.url, replyBytes: bytes, reset: true },
      cause: { code: 'ECONNRESET' },
    });
  });

  test.each([
    ['FIN', (socket: Socket) => void socket.end(reply)],
    ['RST', (socket: Socket) => void socket.write(reply, () => setImmediate(() => socket.resetAndDestroy()))],
  ])('after the reply: %s, and the reply counts', async (_, answer) => {
    const server = await answering(REQUEST_BYTES, answer);
    await using carrier = tcp(server.address, { dialect });
    expect(await carrier.exchange([request])).toEqual(new Uint8Array(100).fill(5));
  });

  test.each([
    ['FIN', (socket: Socket) => void socket.end(), 'TRANSPORT_CLOSED_BEFORE_REPLY'],
    ['bytes, then FIN', (socket: Socket) => void socket.end('abc'), undefined],
  ])('a reply that ends with its stream: %s', async (_, answer, code) => {
    const server = await answering(REQUEST_BYTES, answer);
    const error = await exchangeError(server.address, { dialect: { ...dialect, reply: untilClose() } });
    if (code) expect(error).toMatchObject({ code });
    else expect(error).toBeUndefined();
  });

  test('a reply that ends with its stream is not whole when the stream is reset', async () => {
    let peer: Socket | undefined;
    const server = await answering(REQUEST_BYTES, (socket) => {
      peer = socket;
      socket.write('abc');
    });
    const error = await exchangeError(server.address, {
      dialect: { ...dialect, reply: resettingWhenRead(untilClose(), () => peer) },
    });
    expect(error).toMatchObject({ code: 'TRANSPORT_CLOSED_INSIDE_REPLY', detail: { replyBytes: 3, reset: true } });
  });
});

describe('replies that lie', () => {
  test('more bytes than it says', async () => {
    const server = await answering(REQUEST_BYTES, (socket) => socket.end(Buffer.concat([reply, Buffer.from('more')])));
    expect(await exchangeError(server.address)).toMatchObject({
      code: 'TRANSPORT_BAD_FRAME',
      fault: 'peer',
      detail: { address: server.url, replyBytes: 100, trailingBytes: 4 },
    });
  });

  test('a gibibyte declared and a hundred bytes sent: an error, and little memory taken', async () => {
    const head = Uint8Array.of(0x40, 0, 0, 0);
    const server = await answering(REQUEST_BYTES, (socket) => socket.end(Buffer.concat([head, new Uint8Array(100)])));
    let error: unknown;
    const asked = await memoryAskedFor(async () => (error = await exchangeError(server.address)));
    expect(error).toMatchObject({
      code: 'TRANSPORT_CLOSED_INSIDE_REPLY',
      detail: { replyBytes: 104, expected: 2 ** 30, reset: false },
    });
    expect(asked).toBeLessThan(16 * 2 ** 20);
  });

  test('over the limit: refused before memory is taken', async () => {
    const server = await answering(REQUEST_BYTES, (socket) => socket.write(Uint8Array.of(0xff, 0xff, 0xff, 0xff)));
    let error: unknown;
    expect(await memoryAskedFor(async () => (error = await exchangeError(server.address)))).toBeLessThan(2 ** 20);
    expect(error).toMatchObject({
      code: 'TRANSPORT_TOO_LARGE',
      fault: 'peer',
      message: expect.stringContaining(server.url),
      detail: { bytes: 2 ** 32 - 1, maxMessageBytes: 2 ** 30, address: server.url },
    });
    const limited = await answering(REQUEST_BYTES, (socket) => socket.write(reply));
    expect(await exchangeError(limited.address, { limits: { maxMessageBytes: 99 } })).toMatchObject({
      code: 'TRANSPORT_TOO_LARGE',
      detail: { bytes: 100, maxMessageBytes: 99 },
    });
    expect(await exchangeError(limited.address, { limits: { maxMessageBytes: 100 } })).toBeUndefined();
  });
});

test('a program that calls unref() while the name is being resolved may end', async () => {
  const { address } = await rawServer(() => {});
  const child = fork(fileURLToPath(new URL('./unref-early.mjs', import.meta.url)), [String(address.port)]);
  onTestFinished(() => void child.kill());
  expect(await once(child, 'exit')).toEqual([0, null]);
});
