// Answers requests on stream sockets: one at a time on each connection, any number of connections.
// A peer that breaks the framing loses its connection and nothing else happens.
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import type { Handler, Listener } from '../carrier.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import type { SocketListenOptions } from './dialect.ts';
import { listenError } from './errors.ts';

/** Where to listen, and how to name what was got (the port may have been left to the system). */
export interface ListenTarget {
  readonly listen: ListenOptions;
  readonly address: string;
  readonly bound: (server: Server) => string;
}

/** @throws TransportError TRANSPORT_ADDRESS */
export async function listenOn(
  target: ListenTarget,
  options: SocketListenOptions,
  handler: Handler,
): Promise<Listener> {
  const connections = new Set<Connection>();
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new Connection(socket, options, handler);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(listenError(target.address, error)));
    server.listen(target.listen, resolve);
  });
  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
    for (const connection of connections) connection.finish();
    return stopped;
  };
  return {
    address: target.bound(server),
    [Symbol.asyncDispose]: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** How long a peer may take to close its half once it has its last reply. */
const LINGER_MS = 5_000;

class Connection {
  readonly #socket: Socket;
  readonly #options: SocketListenOptions;
  readonly #handler: Handler;
  readonly #decoder: FrameDecoder;
  readonly #gone = new AbortController();
  readonly #peer: string;
  #answering = false;
  #finishing = false;

  constructor(socket: Socket, options: SocketListenOptions, handler: Handler) {
    this.#socket = socket;
    this.#options = options;
    this.#handler = handler;
    this.#decoder = options.dialect.request.decoder(options.limits);
    this.#peer = `${socket.remoteAddress ?? 'local'}:${socket.remotePort ?? ''}`;
    socket.on('data', (chunk) => this.#take(() => this.#decoder.push(chunk as Buffer)));
    socket.on('end', () => this.#ended());
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#gone.abort(new Error('the peer closed the connection')));
  }

  /** Ends the connection once the request being answered has its reply. */
  finish(): void {
    this.#finishing = true;
    if (!this.#answering) this.#socket.destroy();
  }

  #take(next: () => Uint8Array | undefined): void {
    if (this.#answering || this.#socket.destroyed) return;
    try {
      const request = next();
      if (request) void this.#answer(request);
    } catch (error) {
      this.#fail(error);
    }
  }

  async #answer(request: Uint8Array): Promise<void> {
    const socket = this.#socket;
    this.#answering = true;
    socket.pause();
    try {
      const reply = await this.#handler(request, { signal: this.#gone.signal, peer: this.#peer });
      const parts = this.#options.dialect.reply.encode(reply);
      if (socket.destroyed) return;
      socket.cork();
      for (const part of parts) socket.write(part);
      socket.uncork();
    } catch (error) {
      this.#fail(error);
      return;
    }
    this.#answering = false;
    if (this.#finishing || (this.#options.oneMessage ?? true)) {
      socket.end();
      socket.setTimeout(LINGER_MS, () => socket.destroy());
      socket.removeAllListeners('data');
      socket.resume();
      return;
    }
    this.#take(() => this.#decoder.push());
    if (!this.#answering) socket.resume();
  }

  #ended(): void {
    if (this.#answering) return;
    if (this.#socket.writableEnded) {
      this.#socket.destroy();
      return;
    }
    this.#take(() => this.#decoder.end());
    if (!this.#answering) this.#socket.end();
  }

  #fail(error: unknown): void {
    this.#answering = false;
    this.#socket.destroy();
    this.#options.onError?.(error, this.#peer);
  }
}
