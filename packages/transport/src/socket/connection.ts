// The calling side of a stream socket: a request out, a reply in, one at a time.
// The request leaves in one vectored write; the reply is read straight into the memory that its framing asks for. What
// happens to the socket once nobody needs it is in leaving.ts.
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import type { ExchangeOptions } from '../carrier.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import type { Message } from '../message.ts';
import type { SocketOptions } from './dialect.ts';
import { connectError, lostError, ownPortError, trailingError } from './errors.ts';
import { leave } from './leaving.ts';

/** Where to connect, and its name for messages. */
export interface SocketTarget {
  readonly connect: NetConnectOpts;
  readonly address: string;
  /** The port, where there are ports. */
  readonly port?: number;
}

/** A request and what is waited for in return. */
interface Exchange extends ExchangeOptions {
  readonly parts: Message;
  replyBytes: number;
  resolve(reply: Uint8Array): void;
  reject(error: unknown): void;
}

/** A peer may vanish without a word while it works on a message: the system finds out by asking now and then. */
const KEEP_ALIVE_MS = 30_000;
/** A reply that was refused is over once nothing of it came for so long … */
const SILENT_MS = 1000;
/** … or after so long, whatever comes. */
const DRAIN_MS = 5000;
/** Where bytes land that nobody wants: the same place for all connections. */
const SPENT = new Uint8Array(65_536);

export class CallerConnection {
  readonly #target: SocketTarget;
  readonly #options: SocketOptions;
  readonly #socket: Socket;
  /** One for the whole connection: a socket asks for the memory of its next read as soon as it has made one. */
  readonly #decoder: FrameDecoder;
  #exchange: Exchange | undefined;
  #connected = false;
  /** Of no further use: over, or given up while it was being made. */
  #over = false;
  /** What is wrong with the reply that is being read to its end all the same. */
  #refused: { readonly error: unknown; readonly deadline: NodeJS.Timeout } | undefined;

  constructor(target: SocketTarget, options: SocketOptions) {
    this.#target = target;
    this.#options = options;
    this.#decoder = options.dialect.reply.decoder(options.limits);
    this.#socket = connect({
      ...target.connect,
      noDelay: true,
      keepAlive: true,
      keepAliveInitialDelay: KEEP_ALIVE_MS,
      onread: { buffer: () => this.#space(), callback: (bytes) => this.#read(bytes) },
    } as NetConnectOpts);
    this.#socket.on('connect', () => this.#begin());
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('error', (error) => this.#lost(error));
    this.#socket.on('close', () => this.#lost());
  }

  /** Whether it stands and waits for a request. */
  get idle(): boolean {
    return this.#connected && !this.#over && !this.#exchange;
  }

  /**
   * Sends a request and reads its reply. One at a time.
   * @throws TransportError; what the reply's framing throws; `signal.reason`, for which the connection is reset
   */
  exchange(parts: Message, options: ExchangeOptions): Promise<Uint8Array> {
    const { signal, progress } = options;
    return new Promise<Uint8Array>((resolve, reject) => {
      this.#exchange = { parts, signal, progress, replyBytes: 0, resolve, reject };
      signal?.addEventListener('abort', this.#abort, { once: true });
      if (!this.#connected) return;
      this.#socket.ref();
      this.#write(parts);
    });
  }

  /** Closes it where it waits for a request. */
  close(): void {
    if (this.#exchange || this.#over) return;
    this.#over = true;
    this.#socket.destroySoon();
  }

  #begin(): void {
    const { localPort } = this.#socket;
    if (localPort === this.#target.port && this.#socket.localAddress === this.#socket.remoteAddress) {
      // Nobody listens, and the system happened to choose the very port as ours: the socket has met itself.
      this.#socket.resetAndDestroy();
      this.#fail(connectError(this.#target.address, ownPortError(localPort)));
      return;
    }
    this.#connected = true;
    this.#exchange?.progress?.('connected');
    if (this.#exchange) this.#write(this.#exchange.parts);
  }

  #write(parts: Message): void {
    const socket = this.#socket;
    const exchange = this.#exchange;
    socket.cork();
    const last = parts.length - 1;
    for (const [i, part] of parts.entries()) {
      socket.write(part, i === last && exchange?.progress ? () => exchange.progress?.('sent') : undefined);
    }
    if (this.#options.dialect.request.endsStream) socket.end();
    socket.uncork();
    // Given up while the connection was being made: the message is delivered, and nothing else.
    if (this.#over) socket.destroySoon();
  }

  #space(): Uint8Array {
    return this.#refused || this.#over ? SPENT : this.#decoder.space();
  }

  #read(bytes: number): boolean {
    const exchange = this.#exchange;
    if (this.#refused) {
      exchange?.progress?.('reading');
    } else if (exchange) {
      exchange.replyBytes += bytes;
      exchange.progress?.('reading');
      try {
        const reply = this.#decoder.filled(bytes);
        if (reply) this.#whole(exchange, reply);
      } catch (error) {
        this.#refuse(error);
      }
    } else if (!this.#over) {
      // A peer that speaks without being asked cannot be told apart from one that answers late.
      this.#over = true;
      this.#socket.destroy();
    }
    return true;
  }

  #whole(exchange: Exchange, reply: Uint8Array): void {
    const { pendingBytes } = this.#decoder;
    if (pendingBytes > 0) throw trailingError(this.#target.address, reply.length, pendingBytes);
    const { dialect } = this.#options;
    this.#settle();
    if (dialect.connection === 'persistent' && this.#socket.writable) this.#socket.unref();
    else this.#leave(dialect.close ?? 'fin');
    exchange.resolve(reply);
  }

  /** The reply is refused, and read to its end: there are peers that die of a reply that nobody takes. */
  #refuse(error: unknown): void {
    const over = (): void => this.#fail(error);
    this.#refused = { error, deadline: setTimeout(over, DRAIN_MS) };
    this.#socket.setTimeout(SILENT_MS, over);
  }

  #ended(): void {
    const exchange = this.#exchange;
    if (!exchange) {
      this.#over = true;
      return;
    }
    try {
      // Only a framing that ends with its stream has a message to give here.
      const reply = this.#refused ? undefined : this.#decoder.end();
      if (reply && exchange.replyBytes > 0) {
        this.#settle();
        this.#leave('fin');
        exchange.resolve(reply);
      } else this.#lost();
    } catch (error) {
      this.#lost(error as Error);
    }
  }

  #lost(cause?: Error): void {
    const { address } = this.#target;
    if (!this.#exchange) this.#fail(undefined);
    else if (this.#refused) this.#fail(this.#refused.error);
    else if (!this.#connected && cause) this.#fail(connectError(address, cause));
    else this.#fail(lostError(address, this.#exchange.replyBytes, cause));
  }

  #fail(error: unknown): void {
    const exchange = this.#settle();
    const { dialect } = this.#options;
    if (exchange && this.#connected) this.#leave(dialect.close === 'reset' ? 'reset' : 'fin');
    this.#over = true;
    this.#socket.destroy();
    exchange?.reject(error);
  }

  readonly #abort = (): void => {
    const exchange = this.#settle();
    // A connection being made cannot be taken back, and there are peers that die of one that brings nothing: it goes on
    // to deliver its message, unless the process ends before. Afterwards a reset tells the peer from one who merely
    // closed his half and still wants his reply.
    if (this.#connected) this.#leave('reset');
    else if (exchange) {
      this.#over = true;
      this.#socket.unref();
      this.#socket.on('connect', () => this.#write(exchange.parts));
    }
    exchange?.reject(exchange.signal?.reason);
  };

  #leave(how: 'fin' | 'reset' | 'peer'): void {
    this.#over = true;
    leave(this.#socket, how);
  }

  /** The exchange that is over, once. */
  #settle(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    clearTimeout(this.#refused?.deadline);
    this.#refused = undefined;
    exchange?.signal?.removeEventListener('abort', this.#abort);
    return exchange;
  }
}
