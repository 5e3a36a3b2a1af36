// The listening socket of a contender that waits for a turn or has it. Other contenders connect to it, and each sends one line.
import { createServer, type Server, type Socket } from 'node:net';
import { quoted } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { LINE_CHARACTERS } from './turn-protocol.ts';

/** The most connections at once. One more is closed, and the contender that made it tries again. */
const MOST_CONNECTIONS = 256;
/** After this time a connection on which no line has arrived is not waited for. */
const SILENT_MS = 20;

export class TurnSocket {
  /** Called with the line of each connection. */
  onLine: (line: string, socket: Socket) => void = (_, socket) => socket.destroy();
  /** Called when a connection is closed. */
  onClose: (socket: Socket) => void = () => {};
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** The connections on which no line has arrived yet, each with the time at which it was opened. */
  readonly #silent = new Map<Socket, number>();
  /** Wakes `settled`, if it waits. */
  #wake: (() => void) | undefined;

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
        this.#heard(socket);
        this.onClose(socket);
      });
      firstLine(socket, (line) => {
        this.onLine(line, socket);
        this.#heard(socket);
      });
    });
  }

  /**
   * Resolves with a socket that listens at `path`; with undefined if another socket does.
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
      // `exclusive`: a worker of a cluster listens itself. Otherwise all workers would share the socket.
      server.listen({ path, exclusive: true }, () => resolve(new TurnSocket(server)));
    });
  }

  /** Resolves once a line has arrived on the newest connection, or that connection has been silent for SILENT_MS. */
  async settled(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    for (;;) {
      const [newest] = [...this.#silent.values()].slice(-1);
      const ms = (newest ?? Number.NEGATIVE_INFINITY) + SILENT_MS - performance.now();
      if (ms <= 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  /** Stops listening. */
  close(): void {
    this.#server.close();
  }

  /** Called when the line of a connection has arrived, or the connection is closed. */
  #heard(socket: Socket): void {
    this.#silent.delete(socket);
    this.#wake?.();
  }

  /** Ends all connections, each after the line that `lineFor` returns for it. */
  endConnections(lineFor: (socket: Socket) => string): void {
    for (const socket of this.#sockets) socket.end(lineFor(socket));
  }
}

/**
 * Calls `take` once, with the first line that arrives, without its newline. A connection with more than LINE_CHARACTERS and no line is
 * closed.
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

/** Returns the error for a path at which the system does not allow a turn. */
export function turnError(path: string, cause: unknown): TransportError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new TransportError(
    'TRANSPORT_ADDRESS',
    `cannot use ${quoted(path)}, by which processes take turns: ${code ?? message}`,
    { address: path },
    { cause },
  );
}
