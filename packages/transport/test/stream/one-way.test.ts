// Exchanges without a reply, on real sockets: they resolve when the system has taken the request, and the connection is closed so
// that none of it is lost.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { tcp } from '../../src/carriers/tcp/tcp.ts';
import { listenUnix, unix } from '../../src/carriers/unix/unix.ts';
import type { Carrier } from '../../src/exchange/carrier.ts';
import type { SocketDialect } from '../../src/framing/dialect/dialect.ts';
import { noReply } from '../../src/framing/no-reply.ts';
import { uintLength } from '../../src/framing/uint-length.ts';
import { failure } from '../support/failure.ts';
import { everything, rawClient } from '../support/raw-peer.ts';

const kept: SocketDialect = { request: uintLength({ bytes: 4 }), reply: noReply(), connection: 'persistent' };
const each: SocketDialect = { request: uintLength({ bytes: 4 }), reply: noReply() };

/** Starts a peer that passes each connection to `take`, and returns a carrier to it. */
async function peer(take: (socket: Socket) => void, dialect: SocketDialect): Promise<Carrier> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket.on('error', () => {}));
    take(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return tcp({ host: '127.0.0.1', port: (server.address() as { port: number }).port }, { dialect });
}

describe.each([
  ['kept', kept],
  ['one a message', each],
  ['one a message, and the peer closes first', { ...each, close: 'peer' } as const],
  ['one a message, in a dialect that resets', { ...each, close: 'reset' } as const],
])('connections: %s', (_, dialect) => {
  test('closing behind the last message takes nothing back from a peer that reads late and has sent something', async () => {
    let received = 0;
    const ended: Promise<unknown>[] = [];
    const carrier = await peer((socket) => {
      socket.write('nobody asked for this');
      socket.pause();
      setTimeout(() => socket.resume(), 200);
      socket.on('data', (chunk) => {
        received += chunk.length;
        socket.write('nor for this');
      });
      socket.on('end', () => socket.end());
      ended.push(once(socket, 'close'));
    }, dialect);
    const message = [new Uint8Array(100_000)];
    for (let n = 0; n < 4; n++) expect(await carrier.exchange(message)).toHaveLength(0);
    await carrier.close();
    await Promise.all(ended);
    expect(received).toBe(4 * (4 + 100_000));
    expect(ended).toHaveLength(dialect.connection === 'persistent' ? 1 : 4);
  });

  test('a peer that never ends is left within seconds, silent or not', async () => {
    const carrier = await peer((socket) => {
      socket.resume();
      const timer = setInterval(() => socket.write('and more'), 50);
      socket.on('close', () => clearInterval(timer));
    }, dialect);
    await carrier.exchange([new Uint8Array(10)]);
    await carrier.close();
  });

  test('giving up while the system takes no more of it: the reason, and the connection is reset', async () => {
    const gone: unknown[] = [];
    const began = Promise.withResolvers<Socket>();
    const carrier = await peer((socket) => {
      socket.on('error', (error: NodeJS.ErrnoException) => gone.push(error.code));
      socket.once('data', () => began.resolve(socket.pause()));
    }, dialect);
    const controller = new AbortController();
    const exchange = failure(carrier.exchange([new Uint8Array(50_000_000)], { signal: controller.signal }));
    const socket = await began.promise;
    controller.abort('enough');
    expect(await exchange).toBe('enough');
    socket.resume();
    await expect.poll(() => gone).toEqual(['ECONNRESET']);
    await carrier.close();
  });

  test('a peer that is gone before it had taken the message', async () => {
    const carrier = await peer((socket) => socket.once('data', () => socket.resetAndDestroy()), dialect);
    await expect(carrier.exchange([new Uint8Array(50_000_000)])).rejects.toMatchObject({
      code: 'TRANSPORT_CLOSED_BEFORE_REPLY',
      message: expect.stringContaining('before all of the message was sent'),
    });
    await carrier.close();
  });
});

test('a peer never has more than two connections of which it has not closed its side', async () => {
  const open = new Set<Socket>();
  let most = 0;
  const carrier = await peer((socket) => {
    open.add(socket);
    most = Math.max(most, open.size);
    socket.resume();
    socket.on('end', () => setTimeout(() => socket.end(), 20));
    socket.on('close', () => open.delete(socket));
  }, each);
  for (let n = 0; n < 20; n++) await carrier.exchange([new Uint8Array(10)]);
  await carrier.close();
  expect(most).toBeLessThanOrEqual(3);
});

test('giving up while two earlier messages are still being delivered: rejected at once', async () => {
  const carrier = await peer((socket) => {
    socket.resume();
    // The peer does not close its side, and is not silent either.
    const timer = setInterval(() => socket.write('and more'), 50);
    socket.on('close', () => clearInterval(timer));
  }, each);
  for (let n = 0; n < 2; n++) await carrier.exchange([new Uint8Array(10)]);
  const controller = new AbortController();
  const rejected: unknown[] = [];
  const third = carrier.exchange([new Uint8Array(10)], { signal: controller.signal });
  third.catch((reason: unknown) => rejected.push(reason));
  await new Promise(setImmediate);
  controller.abort('enough');
  await new Promise(setImmediate);
  expect(rejected).toEqual(['enough']);
});

test('on a Unix socket: all of a hundred messages from a recorder that closes at once', async () => {
  for (const dialect of [kept, each]) {
    const path = join(tmpdir(), `one-way-${process.pid}-${dialect.connection ?? 'message'}.sock`);
    let seen = 0;
    const listener = await listenUnix({ path }, { dialect }, async () => {
      seen++;
      return [];
    });
    const carrier = unix({ path }, { dialect });
    for (let n = 0; n < 100; n++) await carrier.exchange([new Uint8Array(1000)]);
    await carrier.close();
    await expect.poll(() => seen).toBe(100);
    await listener.close();
  }
});

test('the answer of a handler is not sent if the dialect has no replies', async () => {
  const path = join(tmpdir(), `one-way-${process.pid}-silent.sock`);
  let handled = 0;
  const listener = await listenUnix({ path }, { dialect: kept }, async (request) => {
    handled++;
    return [request];
  });
  const socket = await rawClient(path);
  const received = everything(socket);
  socket.write(Uint8Array.of(0, 0, 0, 1, 7, 0, 0, 0, 1, 8));
  await expect.poll(() => handled).toBe(2);
  socket.end();
  expect(await received).toHaveLength(0);
  await listener.close();
});
