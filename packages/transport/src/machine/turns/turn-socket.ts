// A socket on which one who waits for a turn, or has it, hears of others: each says one line.
import { createServer, type Server, type Socket } from 'node:net';
import { quoted } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { LINE_CHARACTERS } from './turn-protocol.ts';

/** Who may be connected at once; whoever is one too many is closed, and tries again. */
const MOST_CONNECTIONS = 256;
/** Whoever has said nothing for so long will not say anything. */
const SILENT_MS = 20;

export class TurnSocket {
  /** Told each first line. */
  heard: (line: string, socket: Socket) => void = (_, socket) => socket.destroy();
  /** Told of each connection that is over. */
  left: (socket: Socket) => void = () => {};
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Those who have said nothing yet, and since when they are here. */
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
   * @returns undefined where the path is taken
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

  /** Once whoever has connected just now was heard, or has been silent for too long. */
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

  /** Nobody can connect any more. */
  close(): void {
    this.#server.close();
  }

  #spoken(socket: Socket): void {
    this.#silent.delete(socket);
    this.#said?.();
  }

  /** Lets go of all who are connected, each with a last word. */
  dismiss(wordFor: (socket: Socket) => string): void {
    for (const socket of this.#sockets) socket.end(wordFor(socket));
  }
}

/** @param take told the line without its end, once; a peer that says more than makes sense is let go of */
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

/** The system lets nobody hold a turn there. */
export function turnError(path: string, cause: unknown): TransportError {
  const { code, message } = cause as NodeJS.ErrnoException;
  return new TransportError(
    'TRANSPORT_ADDRESS',
    `no turn can be held at ${quoted(path)}: ${code ?? message}`,
    { address: path },
    { cause },
  );
}
