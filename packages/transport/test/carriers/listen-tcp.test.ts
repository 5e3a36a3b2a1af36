// The listener on TCP: its addresses, callers that half-close, several messages on a connection, and hostile or failing callers.
// Whatever a caller does, the listener serves the next one.
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, test, vi } from 'vitest';
import { listenTcp, tcp } from '../../src/carriers/tcp/tcp.ts';
import { untilClose } from '../../src/framing/until-close.ts';
import { everything, rawClient } from '../support/raw-peer.ts';
import { ascii, dialect, echo, expectServed, framed, replied, tcpListener } from '../support/tcp-listener.ts';

describe('where it listens', () => {
  test('the port that the system chose is in its address', async () => {
    const { listener } = await tcpListener(echo);
    expect(listener.address).toMatch(/^tcp:\/\/127\.0\.0\.1:[1-9]\d*$/);
  });

  const ipv6 = Object.values(networkInterfaces()).some((all) => all?.some(({ address }) => address === '::1'));
  test.skipIf(!ipv6)('an IPv6 address is in brackets', async () => {
    await using listener = await listenTcp({ host: '::1', port: 0 }, { dialect }, echo);
    expect(listener.address).toMatch(/^tcp:\/\/\[::1\]:\d+$/);
    await using carrier = tcp({ host: '::1', port: Number(new URL(listener.address).port) }, { dialect });
    expect(await carrier.exchange([ascii('six')])).toEqual(new Uint8Array(ascii('six')));
  });

  test('a port that is taken', async () => {
    const { listener } = await tcpListener(echo);
    const { address } = listener;
    const taken = listenTcp({ host: '127.0.0.1', port: Number(new URL(address).port) }, { dialect }, echo);
    await expect(taken).rejects.toMatchObject({
      code: 'TRANSPORT_ADDRESS',
      fault: 'environment',
      message: `cannot listen at ${address}: another program listens there`,
      detail: { address },
      cause: { code: 'EADDRINUSE' },
    });
  });

  test("an address that is not this machine's", async () => {
    await expect(listenTcp({ host: '192.0.2.1', port: 0 }, { dialect }, echo)).rejects.toMatchObject({
      code: 'TRANSPORT_ADDRESS',
      message: 'cannot listen at tcp://192.0.2.1:0: this machine does not have that address (EADDRNOTAVAIL)',
      detail: { address: 'tcp://192.0.2.1:0' },
      cause: { code: 'EADDRNOTAVAIL' },
    });
  });

  test('a port is free again once its listener was disposed', async () => {
    const { listener: first } = await tcpListener(echo);
    const port = Number(new URL(first.address).port);
    await first[Symbol.asyncDispose]();
    await using again = await listenTcp({ host: '127.0.0.1', port }, { dialect }, echo);
    await expectServed(again);
  });
});

describe('callers that half-close', () => {
  test.each([3, 10_000_000])(
    'a reply of %i bytes reaches a caller that has half-closed its connection',
    async (bytes) => {
      const whole = new Uint8Array(bytes).fill(3);
      const { listener } = await tcpListener(async () => [whole]);
      const socket = await rawClient(listener.address);
      socket.end(framed('ask'));
      expect(await everything(socket)).toHaveLength(4 + bytes);
    },
  );

  test('the same if the handler answers later', async () => {
    const halfClosed = Promise.withResolvers<void>();
    const { listener } = await tcpListener(async (request, { signal }) => {
      if (request.length === 8) await halfClosed.promise;
      return signal.aborted ? [] : [request];
    });
    const socket = await rawClient(listener.address);
    const reply = everything(socket);
    socket.end(framed('patience'));
    await once(socket, 'finish');
    // When the listener has served a later caller, it has also seen the end of that stream.
    await expectServed(listener);
    halfClosed.resolve();
    expect(await reply).toEqual(replied('patience'));
  });

  test('the same if the caller half-closes while the reply arrives', async () => {
    const whole = new Uint8Array(10_000_000).fill(3);
    const { listener } = await tcpListener(async () => [whole]);
    const socket = await rawClient(listener.address);
    socket.write(framed('ask'));
    socket.once('data', () => {
      socket.end();
    });
    expect(await everything(socket)).toHaveLength(4 + whole.length);
  });

  test('a request may end with its stream, and a reply with its own', async () => {
    for (const oneMessage of [true, false]) {
      const { listener } = await tcpListener(
        echo,
        {},
        { dialect: { request: untilClose(), reply: untilClose() }, oneMessage },
      );
      const socket = await rawClient(listener.address);
      socket.end('to the end');
      expect(String(await everything(socket))).toBe('to the end');
    }
  });
});

describe('several messages on a connection', () => {
  test('one message on a connection: a second one is not answered', async () => {
    const handler = vi.fn(echo);
    const { listener } = await tcpListener(handler);
    const socket = await rawClient(listener.address);
    socket.write(Buffer.concat([framed('one'), framed('two')]));
    expect(await everything(socket)).toEqual(replied('one'));
    expect(handler).toHaveBeenCalledOnce();
  });

  test('many messages are answered in order, however they are cut, until the caller ends the connection', async () => {
    const words = ['one', '', 'three', 'four'];
    const wire = Buffer.concat(words.map(framed));
    for (const cut of [wire.length, 1, 17]) {
      let under = 0;
      const { listener } = await tcpListener(
        async (request) => {
          expect(++under).toBe(1);
          await new Promise((resolve) => setImmediate(resolve));
          under--;
          return [request];
        },
        {},
        { oneMessage: false },
      );
      const socket = await rawClient(listener.address);
      const received = everything(socket);
      for (let at = 0; at < wire.length; at += cut) {
        if (!socket.write(wire.subarray(at, at + cut))) await once(socket, 'drain');
      }
      socket.end();
      expect(await received).toEqual(Buffer.concat(words.map(replied)));
    }
  });

  test('a caller that half-closes while it is answered gets its reply, and then the end', async () => {
    const entered = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const { listener } = await tcpListener(
      async (request) => {
        entered.resolve();
        await answer.promise;
        return [request];
      },
      {},
      { oneMessage: false },
    );
    const socket = await rawClient(listener.address);
    socket.write(framed('last'));
    await entered.promise;
    socket.end();
    await once(socket, 'finish');
    // When the listener has accepted a later connection, it has also seen the end of this stream.
    await rawClient(listener.address);
    answer.resolve();
    expect(await everything(socket)).toEqual(replied('last'));
  });

  test('disposing ends connections that wait for another message', async () => {
    const { listener } = await tcpListener(echo, {}, { oneMessage: false });
    const socket = await rawClient(listener.address);
    socket.write(framed('one'));
    await once(socket, 'data');
    await Promise.all([listener[Symbol.asyncDispose](), once(socket, 'end')]);
  });
});

describe('callers that mean harm, or merely fail', () => {
  const errors: unknown[] = [];
  const onError = (error: unknown, peer: string): void => {
    expect(peer).toMatch(/^127\.0\.0\.1:\d+$/);
    errors.push(error);
  };

  const ways: [name: string, harm: (socket: Socket) => unknown, told: readonly unknown[]][] = [
    ['connects and closes', (socket) => socket.end(), []],
    [
      'connects and resets',
      (socket) => socket.resetAndDestroy(),
      [{ name: 'TransportError', code: 'TRANSPORT_CALLER_GONE', fault: 'peer', cause: { code: 'ECONNRESET' } }],
    ],
    ['speaks HTTP', (socket) => socket.write('GET / HTTP/1.1\r\n\r\n'), [{ code: 'TRANSPORT_BAD_FRAME' }]],
    ['says too large a length', (socket) => socket.write('9999999999'), [{ code: 'TRANSPORT_TOO_LARGE' }]],
    [
      'ends inside the length',
      (socket) => socket.end('12 '),
      [{ code: 'TRANSPORT_TRUNCATED', detail: { received: 3 } }],
    ],
    [
      'ends behind the length',
      (socket) => socket.end('12        '),
      [{ code: 'TRANSPORT_TRUNCATED', detail: { received: 0, expected: 12 } }],
    ],
    [
      'ends inside the message',
      (socket) => socket.end('12        abc'),
      [{ code: 'TRANSPORT_TRUNCATED', detail: { received: 3, expected: 12 } }],
    ],
    [
      'resets inside the message',
      (socket) => socket.write('12        abc', () => socket.resetAndDestroy()),
      [{ name: 'TransportError', code: 'TRANSPORT_CALLER_GONE', detail: { reset: true } }],
    ],
  ];

  test.each(ways)('a caller that %s', async (_, harm, told) => {
    errors.length = 0;
    const handler = vi.fn(echo);
    const { listener } = await tcpListener(handler, {}, { onError });
    const socket = await rawClient(listener.address);
    const over = everything(socket);
    harm(socket);
    await over;
    socket.destroy();
    await expect.poll(() => errors.length).toBeGreaterThanOrEqual(told.length);
    expect(errors).toMatchObject(told);
    for (const error of errors) {
      const peer = expect.stringMatching(/^127\.0\.0\.1:\d+$/);
      expect(error).toMatchObject({
        message: expect.stringContaining(listener.address),
        detail: { address: listener.address, peer },
      });
    }
    expect(handler).not.toHaveBeenCalled();
    await expectServed(listener);
  });

  test('a silent caller, and one that stops inside a message, delay no other caller and not the close', async () => {
    const { listener } = await tcpListener(echo);
    await rawClient(listener.address);
    const half = await rawClient(listener.address);
    half.write('12        abc');
    await expectServed(listener);
    await listener[Symbol.asyncDispose]();
  });

  test('a caller that floods behind its message is answered, and others meanwhile', async () => {
    const { listener } = await tcpListener(echo);
    const flood = await rawClient(listener.address);
    const block = Buffer.alloc(65_536, 'x');
    const pour = (): void => {
      while (flood.writable && flood.write(block));
    };
    flood.on('drain', pour);
    flood.write(framed('flood'));
    pour();
    const first = once(flood, 'data');
    await expectServed(listener);
    expect((await first)[0]).toEqual(replied('flood'));
    await expectServed(listener);
    await listener[Symbol.asyncDispose]();
  });

  test('a caller that never reads its reply delays nobody else', async () => {
    const large = new Uint8Array(10_000_000);
    const { listener } = await tcpListener(async (request) => (request.length === 4 ? [large] : [request]));
    const deaf = await rawClient(listener.address);
    deaf.pause();
    deaf.write(framed('deaf'));
    await expectServed(listener);
    deaf.destroy();
  });

  test('a caller that resets while it is answered: the handler is told, and no reply is sent', async () => {
    const entered = Promise.withResolvers<void>();
    const told = Promise.withResolvers<unknown>();
    const { listener } = await tcpListener(async (request, { signal }) => {
      if (request.length > 4) return [request];
      signal.addEventListener('abort', () => told.resolve(signal.reason), { once: true });
      entered.resolve();
      await told.promise;
      return [request];
    });
    const socket = await rawClient(listener.address);
    socket.write(framed('gone'));
    await entered.promise;
    socket.resetAndDestroy();
    expect(await told.promise).toMatchObject({ code: 'TRANSPORT_CALLER_GONE', detail: { address: listener.address } });
    await expectServed(listener);
  });

  test('a reset after a half-close is reported too', async () => {
    const entered = Promise.withResolvers<void>();
    const told = Promise.withResolvers<unknown>();
    const onError = vi.fn();
    const both = { request: untilClose(), reply: untilClose() };
    const { listener } = await tcpListener(
      async (request, { signal }) => {
        signal.addEventListener('abort', () => told.resolve(signal.reason), { once: true });
        entered.resolve();
        await told.promise;
        return [request];
      },
      {},
      { dialect: both, onError },
    );
    const socket = await rawClient(listener.address);
    socket.end('to the end');
    await entered.promise;
    socket.resetAndDestroy();
    expect(await told.promise).toMatchObject({ code: 'TRANSPORT_CALLER_GONE' });
    expect(onError).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'TRANSPORT_CALLER_GONE' }),
      expect.stringMatching(/:/),
    );
  });

  test('a handler that gives up because its caller has left is not a second error', async () => {
    const entered = Promise.withResolvers<void>();
    const onError = vi.fn();
    const { listener } = await tcpListener(
      (request, { signal }) =>
        new Promise((_, reject) => {
          expect(request).toHaveLength(4);
          signal.addEventListener('abort', () => reject(signal.reason), { once: true });
          entered.resolve();
        }),
      {},
      { onError },
    );
    const socket = await rawClient(listener.address);
    socket.write(framed('gone'));
    await entered.promise;
    socket.resetAndDestroy();
    await listener.close();
    expect(onError).toHaveBeenCalledOnce();
  });

  test('a caller that resets after its reply causes no error', async () => {
    const onError = vi.fn();
    const { listener } = await tcpListener(echo, {}, { onError });
    const address = { host: '127.0.0.1', port: Number(new URL(listener.address).port) };
    await using carrier = tcp(address, { dialect: { ...dialect, close: 'reset' } });
    for (let i = 0; i < 50; i++) await carrier.exchange([ascii('fine')]);
    await expectServed(listener);
    expect(onError).not.toHaveBeenCalled();
  });
});
