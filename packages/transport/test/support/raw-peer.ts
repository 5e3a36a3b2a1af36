// Servers and clients on node:net alone, whose behaviour each test chooses. They are the far ends of the carriers and listeners
// under test, and use no code of this package.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TcpAddress } from '../../src/carriers/tcp/tcp.ts';

/** A server that records the bytes of each of its connections. */
export interface RawServer {
  readonly address: TcpAddress;
  readonly url: string;
  /** The chunks received on each connection, in order of arrival. */
  readonly connections: { readonly chunks: Buffer[]; readonly closed: Promise<unknown> }[];
  /** The sockets of the same connections. */
  readonly sockets: readonly Socket[];
}

/** Starts a server on a port that the system chooses, until the test is over. It passes each connection to `serve`. */
export async function rawServer(serve: (socket: Socket) => void, host = '127.0.0.1', port = 0): Promise<RawServer> {
  const connections: { chunks: Buffer[]; closed: Promise<unknown> }[] = [];
  const sockets: Socket[] = [];
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [];
    connections.push({ chunks, closed: new Promise((resolve) => socket.on('close', resolve)) });
    sockets.push(socket);
    socket.on('error', () => {});
    serve(socket);
    socket.on('data', (chunk) => chunks.push(chunk));
  });
  await once(server.listen(port, host), 'listening');
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    address: { host, port: bound },
    url: `tcp://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    connections,
    sockets,
  };
}

/** Starts a server that answers each connection after it has received `requestBytes` on it, and ends it when the caller does. */
export function answering(requestBytes: number, answer: (socket: Socket) => void, host?: string): Promise<RawServer> {
  return rawServer((socket) => {
    let received = 0;
    socket.on('end', () => socket.end());
    socket.on('data', (chunk) => {
      received += chunk.length;
      if (received === requestBytes) answer(socket);
    });
  }, host);
}

/**
 * Opens a connection to a listener's address, or to the path of a Unix socket, until the test is over. Its errors are ignored, unless the
 * test listens for them.
 */
export async function rawClient(address: string): Promise<Socket> {
  const { hostname = '', port } = address.includes('://') ? new URL(address) : {};
  const place = port === undefined ? { path: address } : { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) };
  const socket = connect({ ...place, allowHalfOpen: true });
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

/** Resolves to all bytes that come on a socket before its end, which may be a reset. */
export async function everything(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve) => {
    socket.on('end', resolve);
    socket.on('close', resolve);
  });
  return Buffer.concat(chunks);
}
