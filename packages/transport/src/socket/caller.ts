// The calling end of one address: frames a message, and carries it on a connection that is new, or was kept.
import type { ExchangeOptions } from '../carrier.ts';
import type { Message } from '../message.ts';
import { CallerConnection, type SocketTarget } from './connection.ts';
import type { SocketOptions } from './dialect.ts';
import { at } from './errors.ts';
import { Outgoing } from './outgoing.ts';

/** A peer may vanish without a word while it works on a message: the system finds out by asking now and then. */
const KEEP_ALIVE_MS = 30_000;

export class SocketCaller {
  /** The address, for messages. */
  readonly address: string;
  readonly #options: SocketOptions;
  /** Connections kept for the messages to come, where the dialect keeps them. */
  #kept: CallerConnection[] = [];
  readonly #busy = new Set<CallerConnection>();
  #patience: NodeJS.Timeout | undefined;
  #unrefs = 0;

  constructor(address: string, options: SocketOptions) {
    this.address = address;
    this.#options = options;
  }

  /** How often the process was let end with what was under way: what began before that has seen fewer. */
  get unrefs(): number {
    return this.#unrefs;
  }

  /**
   * The request as it will be sent, with the sizes that its parts have now.
   * @throws TransportError TRANSPORT_TOO_LARGE when the framing cannot say its length, TRANSPORT_BAD_MESSAGE
   */
  frame(request: Message): Outgoing {
    try {
      return new Outgoing(this.#options.dialect.request.encode(request));
    } catch (error) {
      throw at(this.address, error);
    }
  }

  /**
   * Sends a request, on a connection to `target` where none is kept, and reads its reply.
   * @param unrefs what it was when the exchange began, where that is longer ago
   * @throws TransportError TRANSPORT_BAD_MESSAGE, with nothing opened, when the request's memory is gone
   */
  async exchange(
    target: SocketTarget,
    request: Outgoing,
    options: ExchangeOptions,
    unrefs: number = this.#unrefs,
  ): Promise<Uint8Array> {
    if (options.signal?.aborted) throw options.signal.reason;
    const lost = request.lostFrom(0);
    if (lost) throw at(this.address, lost);
    const connection = this.#takeKept() ?? new CallerConnection(target, this.#options);
    this.#busy.add(connection);
    this.#patience ??= setInterval(() => this.#ask(), KEEP_ALIVE_MS).unref();
    try {
      const replied = connection.exchange(request, options);
      if (unrefs !== this.#unrefs) connection.unref();
      return await replied;
    } finally {
      this.#busy.delete(connection);
      // Also where its reply was of no use to the caller: the next message follows on it.
      if (this.#options.dialect.connection === 'persistent') this.#keep(connection);
    }
  }

  /** Closes what is kept. */
  rest(): void {
    for (const connection of this.#kept.splice(0)) connection.close();
  }

  /** Lets the process end with what is under way. */
  unref(): void {
    this.#unrefs++;
    for (const connection of this.#busy) connection.unref();
  }

  /** That takes some calls into the system for each, and most exchanges are too short to need it. */
  #ask(): void {
    for (const connection of this.#busy) connection.keepAlive(KEEP_ALIVE_MS);
    if (this.#busy.size > 0) return;
    clearInterval(this.#patience);
    this.#patience = undefined;
  }

  #takeKept(): CallerConnection | undefined {
    for (let last = this.#kept.pop(); last; last = this.#kept.pop()) if (last.idle) return last;
    return undefined;
  }

  /** Forgets at the same time what has been closed by the peer. */
  #keep(connection: CallerConnection): void {
    this.#kept = [...this.#kept, connection].filter(({ idle }) => idle);
  }
}
