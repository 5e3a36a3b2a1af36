// With the option `isPeer` a caller checks which program listens at its address before it sends a message. The program may be
// another one, or have ended.
import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { tcp } from '../../src/carriers/tcp/tcp.ts';
import { unix } from '../../src/carriers/unix/unix.ts';
import { provesUnseen } from '../../src/errors/transport-error.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';

const dialect = { request: asciiLength({ width: 2 }), reply: asciiLength({ width: 2 }) };
const persistent = { ...dialect, connection: 'persistent' } as const;

interface Peer {
  readonly server: Server;
  readonly port: number;
  readonly sockets: Socket[];
  /** Returns all bytes received so far, over all connections. */
  readonly received: () => string;
}

/** Starts a server that answers each message, two digits and "hi", with the same bytes. */
async function peer(at: number | string = 0): Promise<Peer> {
  const sockets: Socket[] = [];
  let received = '';
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      received += chunk;
      socket.write(chunk);
    });
  });
  if (typeof at === 'string') server.listen(at);
  else server.listen(at, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const port = typeof at === 'string' ? 0 : (server.address() as { port: number }).port;
  return { server, port, sockets, received: () => received };
}

test('a stranger gets nothing of a message, and the caller is told that it was not sent', async () => {
  const { port, received, sockets } = await peer();
  const asked: unknown[] = [];
  const isPeer = (localPort: number | undefined): boolean => {
    asked.push(localPort);
    return false;
  };
  await using carrier = tcp({ host: '127.0.0.1', port }, { dialect, isPeer });
  const error = await carrier.exchange([Buffer.from('hi')]).catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'TRANSPORT_REFUSED', detail: { stranger: true } });
  expect(provesUnseen(error)).toBe(true);
  await expect.poll(() => sockets.length).toBe(1);
  expect(received()).toBe('');
  expect(asked).toEqual([expect.any(Number)]);
});

test('a stranger gets nothing of a message that was given up before the connection stood', async () => {
  const path = join(tmpdir(), `npbridge-given-up-${process.pid}.sock`);
  const { received } = await peer(path);
  await using carrier = unix({ path }, { dialect, isPeer: () => false });
  const giveUp = new AbortController();
  const exchange = carrier.exchange([Buffer.from('hi')], { signal: giveUp.signal });
  giveUp.abort(new Error('enough'));
  await expect(exchange).rejects.toThrow('enough');
  await using another = unix({ path }, { dialect });
  await another.exchange([Buffer.from('ho')]);
  expect(received()).toBe('2 ho');
});

test('a stranger at a Unix socket gets nothing either', async () => {
  const path = join(tmpdir(), `npbridge-stranger-${process.pid}.sock`);
  const { received } = await peer(path);
  await using carrier = unix({ path }, { dialect, isPeer: () => false });
  await expect(carrier.exchange([Buffer.from('hi')])).rejects.toMatchObject({ code: 'TRANSPORT_REFUSED' });
  expect(received()).toBe('');
});

test.each([
  [true, 'ends in the usual way'],
  [false, 'is reset'],
])('a kept connection that the peer has closed, while it is there: %s, %s', async (isThere) => {
  const { port, sockets } = await peer();
  let isPeer = true;
  await using carrier = tcp({ host: '127.0.0.1', port }, { dialect: persistent, isPeer: () => isPeer });
  expect(String(Buffer.from(await carrier.exchange([Buffer.from('hi')])))).toBe('hi');
  isPeer = isThere;
  const [socket] = sockets;
  const reset = socket && once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code);
  const ended = socket && once(socket, 'end').then(() => 'end');
  socket?.end();
  expect(await Promise.race([reset, ended])).toBe(isThere ? 'end' : 'ECONNRESET');
});

test('an isPeer that is not a function is refused', () => {
  const options = { dialect, isPeer: 'yes' } as unknown as { dialect: typeof dialect };
  expect(() => tcp({ host: '127.0.0.1', port: 1 }, options)).toThrow(
    expect.objectContaining({ code: 'TRANSPORT_BAD_OPTION' }),
  );
});
