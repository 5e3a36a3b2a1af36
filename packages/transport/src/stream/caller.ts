// The caller (client) of one address. It frames a message, sends it on a new connection or on an idle persistent one, and reads the reply.

import { withAddress } from '../errors/with-address.ts';
import type { ExchangeOptions } from '../exchange/carrier.ts';
import { unlessAborted } from '../exchange/unless-aborted.ts';
import type { Message } from '../framing/message.ts';
import { CallerConnection, type SocketTarget } from './caller-connection.ts';
import { OutgoingMessage } from './outgoing-message.ts';
import { lostBehindError } from './stream-errors.ts';
import type { CheckedCallerOptions } from './stream-options.ts';

/** The interval of TCP keep-alive probes, by which the system notices that a peer's machine has vanished while a reply is waited for. */
const KEEP_ALIVE_MS = 30_000;
/**
 * The most closed connections whose messages, which have no replies, are still being delivered: the peer reads one, and one is in its
 * backlog.
 */
const MOST_FINISHING = 2;

export class SocketCaller {
  /** The address, as errors show it. */
  readonly address: string;
  readonly #options: CheckedCallerOptions;
  /** The idle persistent connections. */
  #idle: CallerConnection[] = [];
  /** The connections with an exchange in progress. */
  readonly #busy = new Set<CallerConnection>();
  /** The closed connections of a dialect without replies whose peers have not read all of their messages yet. */
  readonly #finishing = new Set<CallerConnection>();
  /** The error that ended a connection after its last message, without a reply, was sent. The next exchange is rejected for it. */
  #lostBehind: Error | undefined;
  #keepAliveTimer: NodeJS.Timeout | undefined;
  #unrefs = 0;

  constructor(address: string, options: CheckedCallerOptions) {
    this.address = address;
    this.#options = options;
  }

  /** The number of calls of `unref`. An exchange compares it with the number at its beginning. */
  get unrefs(): number {
    return this.#unrefs;
  }

  /**
   * Returns the framed request, with the sizes that its parts have now.
   * @throws TransportError TRANSPORT_TOO_LARGE if the framing cannot express its length, TRANSPORT_BAD_MESSAGE
   */
  frame(request: Message): OutgoingMessage {
    try {
      return new OutgoingMessage(this.#options.dialect.request.encode(request));
    } catch (error) {
      throw withAddress(this.address, error);
    }
  }

  /**
   * Sends a request on an idle persistent connection, or on a new one to `target`, and resolves with its reply. In a dialect without
   * replies it resolves once the system has the request, and waits first while MOST_FINISHING connections are still being delivered.
   * @param unrefs the value of `unrefs` when the exchange began, if that was before this call
   * @throws TransportError TRANSPORT_BAD_MESSAGE if the request's memory is gone. Then no connection is opened
   */
  async exchange(
    target: SocketTarget,
    request: OutgoingMessage,
    options: ExchangeOptions,
    unrefs: number = this.#unrefs,
  ): Promise<Uint8Array> {
    if (options.signal?.aborted) throw options.signal.reason;
    this.#check(request);
    if (this.#options.dialect.reply.carriesNothing) await this.#behindOthers(options);
    const connection = this.#takeIdle() ?? new CallerConnection(target, this.#options);
    this.#busy.add(connection);
    this.#keepAliveTimer ??= setInterval(() => this.#startKeepAlive(), KEEP_ALIVE_MS).unref();
    try {
      const replied = connection.exchange(request, options);
      if (unrefs !== this.#unrefs) connection.unref();
      return await replied;
    } finally {
      this.#busy.delete(connection);
      // The connection is used again even if the exchange was rejected, provided that it is still open and idle.
      if (this.#options.dialect.connection === 'persistent') this.#addIdle(connection);
      this.#watch(connection);
    }
  }

  /** @throws TransportError TRANSPORT_BAD_MESSAGE */
  #check(request: OutgoingMessage): void {
    try {
      request.check();
    } catch (error) {
      throw withAddress(this.address, error);
    }
  }

  /** Closes the idle persistent connections. */
  rest(): void {
    for (const connection of this.#idle.splice(0)) {
      connection.close();
      this.#watch(connection);
    }
  }

  /** Resolves when closed connections whose messages are being delivered need not be waited for any longer. */
  async finished(): Promise<void> {
    await Promise.all([...this.#finishing].map((connection) => connection.finished));
  }

  /** Lets the process end while exchanges are in progress. */
  unref(): void {
    this.#unrefs++;
    for (const connection of [...this.#busy, ...this.#finishing]) connection.unref();
  }

  /** Turns on keep-alive probes for exchanges that take long. Most exchanges end before, and are spared the system calls. */
  #startKeepAlive(): void {
    for (const connection of this.#busy) connection.keepAlive(KEEP_ALIVE_MS);
    if (this.#busy.size > 0) return;
    clearInterval(this.#keepAliveTimer);
    this.#keepAliveTimer = undefined;
  }

  /**
   * Waits until fewer than MOST_FINISHING connections are being delivered.
   * @throws TransportError TRANSPORT_CLOSED_BEFORE_REPLY if an earlier message may have been lost; `signal.reason` if the signal aborts
   */
  async #behindOthers({ signal }: ExchangeOptions): Promise<void> {
    while (this.#finishing.size >= MOST_FINISHING) {
      const [oldest] = this.#finishing;
      if (oldest?.finished) await unlessAborted(oldest.finished, signal);
    }
    if (signal?.aborted) throw signal.reason;
    this.#setIdle(this.#idle);
    const lost = this.#lostBehind;
    if (!lost) return;
    this.#lostBehind = undefined;
    throw lostBehindError(this.address, lost);
  }

  /** Keeps track of a closed connection whose messages are being delivered. */
  #watch(connection: CallerConnection): void {
    if (!connection.finished || this.#finishing.has(connection)) return;
    this.#finishing.add(connection);
    void connection.finished.then(() => {
      this.#finishing.delete(connection);
      this.#lostBehind ??= connection.lostBehind;
    });
  }

  /** Takes out an idle connection that is still open. */
  #takeIdle(): CallerConnection | undefined {
    for (let last = this.#idle.pop(); last; last = this.#idle.pop()) if (last.idle) return last;
    return undefined;
  }

  /** Adds an idle connection, and removes those that their peers have closed. */
  #addIdle(connection: CallerConnection): void {
    this.#setIdle([...this.#idle, connection]);
  }

  /** Sets the list of idle connections to those of `connections` that are still idle, and keeps the error of one that was lost. */
  #setIdle(connections: readonly CallerConnection[]): void {
    for (const { lostBehind } of connections) this.#lostBehind ??= lostBehind;
    this.#idle = connections.filter(({ idle }) => idle);
  }
}
