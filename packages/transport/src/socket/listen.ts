// Answers requests on stream sockets: one at a time on each connection, any number of connections.
// A peer that breaks the framing loses its connection and nothing else happens.
import { createServer, type ListenOptions, type Server, type Socket } from 'node:net';
import type { Handler, Listener } from '../carrier.ts';
import { ending } from '../ending.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import { checkMessage, type Message } from '../message.ts';
import type { SocketListenOptions } from './dialect.ts';
import { at, goneError, listenError } from './errors.ts';

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
  /** Handlers at work. They may outlive their connections. */
  const answers = new Set<Promise<Message>>();
  const track: Handler = async (request, context) => {
    const answer = handler(request, context);
    answers.add(answer);
    try {
      return await answer;
    } finally {
      answers.delete(answer);
    }
  };
  let bound = target.address;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    const connection = new Connection(socket, bound, options, track);
    connections.add(connection);
    socket.on('close', () => connections.delete(connection));
  });
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error): void => reject(listenError(target.address, error));
    server.once('error', refuse);
    server.listen(target.listen, () => {
      server.off('error', refuse);
      resolve();
    });
  });
  bound = target.bound(server);
  server.on('error', (error) => options.onError?.(listenError(bound, error), bound));
  return {
    address: bound,
    ...ending(async () => {
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const connection of connections) connection.finish();
      await Promise.allSettled([stopped, ...answers]);
    }),
  };
}

/** How long a peer may take to close its half once it has its last reply. */
const LINGER_MS = 5_000;
/** How often one who has closed his half is looked for, while his answer is made. */
const WATCH_MS = 200;
const NOTHING: Uint8Array = new Uint8Array(0);

class Connection {
  readonly #socket: Socket;
  readonly #address: string;
  readonly #options: SocketListenOptions;
  readonly #handler: Handler;
  readonly #decoder: FrameDecoder;
  readonly #gone = new AbortController();
  readonly #peer: string;
  #answering = false;
  #finishing = false;
  /** The peer has closed its half: nothing more will come. */
  #ended = false;
  #watcher: NodeJS.Timeout | undefined;
  /** The last reply has left as a whole, and no request has come since. */
  #replied = false;

  constructor(socket: Socket, address: string, options: SocketListenOptions, handler: Handler) {
    this.#socket = socket;
    this.#address = address;
    this.#options = options;
    this.#handler = handler;
    this.#decoder = options.dialect.request.decoder(options.limits);
    this.#peer =
      socket.remoteAddress === undefined ? 'a local process' : `${socket.remoteAddress}:${socket.remotePort}`;
    socket.on('data', (chunk) => this.#take(() => this.#decoder.push(chunk as Buffer)));
    socket.on('end', () => this.#end());
    socket.on('error', (error) => {
      // Whoever has his reply may reset: it is one way of closing.
      if (!this.#replied || this.#decoder.pendingBytes > 0) this.#fail(goneError(address, this.#peer, error));
    });
    socket.on('close', () => this.#gone.abort(goneError(address, this.#peer)));
  }

  /** Ends the connection once the request being answered has its reply, and the reply has left. */
  finish(): void {
    this.#finishing = true;
    if (this.#answering) return;
    this.#socket.setTimeout(LINGER_MS, () => this.#socket.destroy());
    this.#socket.destroySoon();
  }

  #take(next: () => Uint8Array | undefined): void {
    if (this.#answering || this.#finishing || this.#socket.destroyed) return;
    try {
      const request = next();
      if (request) void this.#answer(request);
    } catch (error) {
      this.#fail(this.#here(error));
    }
  }

  async #answer(request: Uint8Array): Promise<void> {
    const socket = this.#socket;
    this.#answering = true;
    this.#replied = false;
    socket.pause();
    if (this.#ended) this.#watch();
    let reply: Message;
    try {
      reply = await this.#handler(request, { signal: this.#gone.signal, peer: this.#peer });
    } catch (error) {
      this.#fail(error);
      return;
    } finally {
      clearInterval(this.#watcher);
    }
    try {
      checkMessage(reply);
      const parts = this.#options.dialect.reply.encode(reply);
      if (socket.destroyed) return;
      this.#replied = parts.length === 0;
      const last = parts.length - 1;
      const left = (error?: Error | null): void => {
        this.#replied = !error;
      };
      socket.cork();
      for (const [i, part] of parts.entries()) socket.write(part, i === last ? left : undefined);
      socket.uncork();
    } catch (error) {
      this.#fail(this.#here(error));
      return;
    }
    this.#answering = false;
    const { dialect, oneMessage = dialect.connection !== 'persistent' } = this.#options;
    if (this.#finishing || oneMessage || dialect.reply.endsStream) {
      this.#close();
      return;
    }
    this.#take(() => this.#decoder.push());
    if (this.#answering) return;
    if (this.#ended) this.#end();
    else socket.resume();
  }

  /** Closes our half behind the reply. What still comes is not for us; the socket goes once the peer has closed too. */
  #close(): void {
    const socket = this.#socket;
    socket.end();
    socket.setTimeout(LINGER_MS, () => socket.destroy());
    socket.removeAllListeners('data');
    socket.resume();
  }

  #end(): void {
    this.#ended = true;
    if (this.#answering) this.#watch();
    if (this.#answering || this.#socket.writableEnded) return;
    this.#take(() => this.#decoder.end());
    if (!this.#answering) this.#close();
  }

  /**
   * One who has closed his half waits for his answer, or has closed the whole and gone: to the reading side that is the
   * same. Writing tells them apart, also where it writes nothing: the system refuses it once nobody is there.
   */
  #watch(): void {
    const look = (): void => {
      if (this.#socket.destroyed) clearInterval(this.#watcher);
      else this.#socket.write(NOTHING);
    };
    look();
    this.#watcher = setInterval(look, WATCH_MS);
  }

  #fail(error: unknown): void {
    this.#answering = false;
    this.#socket.destroy();
    // A handler that gives up because its caller has gone: that has been told.
    if (error === this.#gone.signal.reason && this.#gone.signal.aborted) return;
    this.#options.onError?.(error, this.#peer);
  }

  /** What a framing throws, with the two ends of the connection. */
  #here(error: unknown): unknown {
    return at(this.#address, error, { peer: this.#peer });
  }
}
