// The caller (client) of one address. It frames a message, sends it on a new connection or on one that was kept, and reads the reply.

import { withAddress } from '../errors/with-address.ts';
import type { ExchangeOptions } from '../exchange/carrier.ts';
import type { Message } from '../framing/message.ts';
import { CallerConnection, type SocketTarget } from './connection.ts';
import { Outgoing } from './outgoing.ts';
import { lostBehindError } from './stream-errors.ts';
import type { CallerOptions } from './stream-options.ts';

/** The interval of TCP keep-alive probes, which find out that a peer has vanished without a word while it had a message. */
const KEEP_ALIVE_MS = 30_000;
/** The most connections that deliver messages without replies at once: the peer reads one, and the other lies in its backlog. */
const MOST_FINISHING = 2;

export class SocketCaller {
  /** The address, for messages. */
  readonly address: string;
  readonly #options: CallerOptions;
  /** Connections that are kept for messages to come, if the dialect keeps them. */
  #kept: CallerConnection[] = [];
  readonly #busy = new Set<CallerConnection>();
  /** Connections without replies whose peer has yet to take the last of what was handed over. */
  readonly #finishing = new Set<CallerConnection>();
  /** The error that ended a connection whose messages were handed over: the next message is rejected with it. */
  #lostBehind: Error | undefined;
  #keepAliveTimer: NodeJS.Timeout | undefined;
  #unrefs = 0;

  constructor(address: string, options: CallerOptions) {
    this.address = address;
    this.#options = options;
  }

  /** Counts the calls of `unref`. An exchange compares the count with that of its beginning. */
  get unrefs(): number {
    return this.#unrefs;
  }

  /**
   * Returns the request as it will be sent, with the sizes that its parts have now.
   * @throws TransportError TRANSPORT_TOO_LARGE if the framing cannot say its length, TRANSPORT_BAD_MESSAGE
   */
  frame(request: Message): Outgoing {
    try {
      return new Outgoing(this.#options.dialect.request.encode(request));
    } catch (error) {
      throw withAddress(this.address, error);
    }
  }

  /**
   * Sends a request on a kept connection, or on a new one to `target`, and resolves with its reply. In a dialect without replies it
   * resolves once the system has the request, and opens a new connection only when the peer has closed all but one of those before.
   * @param unrefs the count of `unrefs` when the exchange began, if that was before this call
   * @throws TransportError TRANSPORT_BAD_MESSAGE, with nothing opened, if the request's memory is gone
   */
  async exchange(
    target: SocketTarget,
    request: Outgoing,
    options: ExchangeOptions,
    unrefs: number = this.#unrefs,
  ): Promise<Uint8Array> {
    if (options.signal?.aborted) throw options.signal.reason;
    this.#check(request);
    if (this.#options.dialect.reply.carriesNothing) await this.#behindOthers(options);
    const connection = this.#takeKept() ?? new CallerConnection(target, this.#options);
    this.#busy.add(connection);
    this.#keepAliveTimer ??= setInterval(() => this.#startKeepAlive(), KEEP_ALIVE_MS).unref();
    try {
      const replied = connection.exchange(request, options);
      if (unrefs !== this.#unrefs) connection.unref();
      return await replied;
    } finally {
      this.#busy.delete(connection);
      // The connection is kept even if the caller had no use for the reply: the next message follows on it.
      if (this.#options.dialect.connection === 'persistent') this.#keep(connection);
      this.#watch(connection);
    }
  }

  /** @throws TransportError TRANSPORT_BAD_MESSAGE */
  #check(request: Outgoing): void {
    try {
      request.check();
    } catch (error) {
      throw withAddress(this.address, error);
    }
  }

  /** Closes the connections that are kept. */
  rest(): void {
    for (const connection of this.#kept.splice(0)) {
      connection.close();
      this.#watch(connection);
    }
  }

  /** Resolves when messages that were handed over need not be waited for any longer. */
  async finished(): Promise<void> {
    await Promise.all([...this.#finishing].map((connection) => connection.finished));
  }

  /** Lets the process end with exchanges under way. */
  unref(): void {
    this.#unrefs++;
    for (const connection of [...this.#busy, ...this.#finishing]) connection.unref();
  }

  /** Turns on keep-alive probes for exchanges that last. That takes a few system calls each, and most exchanges are too short for it. */
  #startKeepAlive(): void {
    for (const connection of this.#busy) connection.keepAlive(KEEP_ALIVE_MS);
    if (this.#busy.size > 0) return;
    clearInterval(this.#keepAliveTimer);
    this.#keepAliveTimer = undefined;
  }

  /** @throws TransportError TRANSPORT_CLOSED_BEFORE_REPLY if messages before this one may have been lost */
  async #behindOthers({ signal }: ExchangeOptions): Promise<void> {
    while (this.#finishing.size >= MOST_FINISHING) {
      const [oldest] = this.#finishing;
      await oldest?.finished;
    }
    if (signal?.aborted) throw signal.reason;
    this.#sift(this.#kept);
    const lost = this.#lostBehind;
    if (!lost) return;
    this.#lostBehind = undefined;
    throw lostBehindError(this.address, lost);
  }

  #watch(connection: CallerConnection): void {
    if (!connection.finished || this.#finishing.has(connection)) return;
    this.#finishing.add(connection);
    void connection.finished.then(() => {
      this.#finishing.delete(connection);
      this.#lostBehind ??= connection.lostBehind;
    });
  }

  #takeKept(): CallerConnection | undefined {
    for (let last = this.#kept.pop(); last; last = this.#kept.pop()) if (last.idle) return last;
    return undefined;
  }

  /** Keeps a connection, and forgets those that their peers have closed. */
  #keep(connection: CallerConnection): void {
    this.#sift([...this.#kept, connection]);
  }

  #sift(connections: readonly CallerConnection[]): void {
    for (const { lostBehind } of connections) this.#lostBehind ??= lostBehind;
    this.#kept = connections.filter(({ idle }) => idle);
  }
}
