// Ends of a TCP connection that do as a test tells them, written on node:net alone: what stands opposite the carrier and
// the listener, and knows nothing of either.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { TcpAddress } from '../../src/carriers/tcp/tcp.ts';

/** A server that keeps account of what came on each of its connections, first segments first. */
export interface RawServer {
  readonly address: TcpAddress;
  readonly url: string;
  /** For each connection, in order of arrival, the chunks that came on it. */
  readonly connections: { readonly chunks: Buffer[]; readonly closed: Promise<unknown> }[];
}

/** Listens on a port that the system chooses, until the test is over; `serve` gets each connection. */
export async function rawServer(serve: (socket: Socket) => void, host = '127.0.0.1', port = 0): Promise<RawServer> {
  const connections: { chunks: Buffer[]; closed: Promise<unknown> }[] = [];
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Buffer[] = [];
    connections.push({ chunks, closed: new Promise((resolve) => socket.on('close', resolve)) });
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
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
  };
}

/** A server that answers each connection once `requestBytes` have come on it, and ends where the caller ends. */
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

/** A connection to `url`, open until the test is over; its errors are the test's to look for. */
export async function rawClient(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port), allowHalfOpen: true });
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  await once(socket, 'connect');
  return socket;
}

/** Everything that comes on a socket up to its end, which may be a reset. */
export async function everything(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  await new Promise((resolve) => {
    socket.on('end', resolve);
    socket.on('close', resolve);
  });
  return Buffer.concat(chunks);
}
