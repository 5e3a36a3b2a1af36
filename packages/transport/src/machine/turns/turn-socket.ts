// A socket on which a contender that waits for a turn, or has it, hears of others. Each of them says one line.
import { createServer, type Server, type Socket } from 'node:net';
import { quoted } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { LINE_CHARACTERS } from './turn-protocol.ts';

/** The most connections at once. One more is closed, and its contender tries again. */
const MOST_CONNECTIONS = 256;
/** A connection that has said nothing for so long will not say anything. */
const SILENT_MS = 20;

export class TurnSocket {
  /** Called with each first line. */
  heard: (line: string, socket: Socket) => void = (_, socket) => socket.destroy();
  /** Called for each connection that is closed. */
  left: (socket: Socket) => void = () => {};
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The connections that have said nothing yet, and the time at which each was opened. */
  readonly #silent = new Map<Socket, number>();
  #said: (() => void) | undefined;

  private constructor(server: Server) {
    this.#server = server;
    server.unref();
    server.on('connection', (socket) => {
      this.#sockets.add(socket);
      this.#silent.set(socket, performance.now());
      socket.unref();
      socket.on('error', () => {});
      socket.on('close', () => {
        this.#sockets.delete(socket);
        this.#spoken(socket);
        this.left(socket);
      });
      firstLine(socket, (line) => {
        this.heard(line, socket);
        this.#spoken(socket);
      });
    });
  }

  /**
   * @returns undefined if the path is taken
   * @throws TransportError TRANSPORT_ADDRESS
   */
  static open(path: string): Promise<TurnSocket | undefined> {
    return new Promise((resolve, reject) => {
      const server = createServer();
      server.maxConnections = MOST_CONNECTIONS;
      server.on('error', (cause: NodeJS.ErrnoException) => {
        if (cause.code === 'EADDRINUSE') resolve(undefined);
        else reject(turnError(path, cause));
      });
      // `exclusive`: in a cluster's worker the name is bound by the worker, and not shared by all of them.
      server.listen({ path, exclusive: true }, () => resolve(new TurnSocket(server)));
    });
  }

  /** Resolves once the latest connections were heard, or have been silent for too long. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const [newest] = [...this.#silent.values()].slice(-1);
      const ms = (newest ?? Number.NEGATIVE_INFINITY) + SILENT_MS - performance.now();
      if (ms <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#said = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Takes no more connections. */
  close(): void {
    this.#server.close();
  }

  #spoken(socket: Socket): void {
    this.#silent.delete(socket);
    this.#said?.();
  }

  /** Ends all connections, each with a last word. */
  dismiss(wordFor: (socket: Socket) => string): void {
    for (const socket of this.#sockets) socket.end(wordFor(socket));
  }
}

/**
 * Calls `take` with the first line that comes, without its end, once. A connection that says more than makes sense is closed.
 */
export function firstLine(socket: Socket, take: (line: string) => void): void {
  let text = '';
  let isTaken = false;
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    if (isTaken) return;
    text += chunk;
    const end = text.indexOf('\n');
    if (end >= 0) {
      isTaken = true;
      take(text.slice(0, end));
    } else if (text.length > LINE_CHARACTERS) socket.destroy();
  });
}

/** Returns the error for a path at which the system lets nobody hold a turn. */
export function turnError(path: string, cause: unknown): TransportError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new TransportError(
    'TRANSPORT_ADDRESS',
    `no turn can be held at ${quoted(path)}: ${code ?? message}`,
    { address: path },
    { cause },
  );
}
