// The calling end of one address: frames a message, and carries it on a connection that is new, or was kept.
import type { NetConnectOpts } from 'node:net';
import type { ExchangeOptions } from '../carrier.ts';
import type { Message } from '../message.ts';
import { CallerConnection } from './connection.ts';
import type { SocketOptions } from './dialect.ts';
import { at } from './errors.ts';
import { Outgoing } from './outgoing.ts';

export class SocketCaller {
  /** The address, for messages. */
  readonly address: string;
  readonly #options: SocketOptions;
  /** Connections kept for the messages to come, where the dialect keeps them. */
  #kept: CallerConnection[] = [];
  readonly #busy = new Set<CallerConnection>();

  constructor(address: string, options: SocketOptions) {
    this.address = address;
    this.#options = options;
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
   * Sends a request, on a connection made with `connect` where none is kept, and reads its reply.
   * @throws TransportError TRANSPORT_BAD_MESSAGE, with nothing opened, when the request's memory is gone
   */
  async exchange(connect: NetConnectOpts, request: Outgoing, options: ExchangeOptions): Promise<Uint8Array> {
    if (options.signal?.aborted) throw options.signal.reason;
    if (request.lost) throw at(this.address, request.lost);
    const kept = this.#kept.findLastIndex((connection) => connection.idle);
    const [connection = this.#connect(connect)] = kept < 0 ? [] : this.#kept.splice(kept, 1);
    this.#busy.add(connection);
    try {
      const reply = await connection.exchange(request, options);
      if (this.#options.dialect.connection === 'persistent') this.#keep(connection);
      return reply;
    } finally {
      this.#busy.delete(connection);
    }
  }

  /** Closes what is kept. */
  rest(): void {
    for (const connection of this.#kept.splice(0)) connection.close();
  }

  /** Lets the process end with what is under way. */
  unref(): void {
    for (const connection of this.#busy) connection.unref();
  }

  #connect(connect: NetConnectOpts): CallerConnection {
    const port = 'port' in connect ? { port: connect.port } : {};
    return new CallerConnection({ connect, address: this.address, ...port }, this.#options);
  }

  /** Forgets at the same time what has been closed by the peer. */
  #keep(connection: CallerConnection): void {
    this.#kept = [...this.#kept, connection].filter(({ idle }) => idle);
  }
}
