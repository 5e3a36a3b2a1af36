// @bridge/transport/tcp: messages over TCP, in the framing that the peer speaks.
import { lookup } from 'node:dns/promises';
import { type AddressInfo, isIP } from 'node:net';
import type { Carrier, ExchangeOptions, Handler, Listener, Signal } from '../carrier.ts';
import { provesUnseen, TransportError } from '../errors.ts';
import type { Message } from '../message.ts';
import { CallerConnection } from '../socket/connection.ts';
import type { SocketListenOptions, SocketOptions } from '../socket/dialect.ts';
import { connectError } from '../socket/errors.ts';
import { listenOn } from '../socket/listen.ts';

export type { SocketDialect, SocketListenOptions, SocketOptions } from '../socket/dialect.ts';

/** A TCP endpoint. */
export interface TcpAddress {
  readonly host: string;
  /** 0 lets the system choose, where one listens. */
  readonly port: number;
}

/**
 * A carrier that opens one connection a message, or keeps one for the next message where the dialect says so. Any number
 * of exchanges may be under way: whoever talks to a peer that takes one at a time has to send one at a time.
 *
 * @example
 * const carrier = tcp({ host: 'localhost', port: 6000 }, { dialect: { request: asciiLength({ width: 10 }), reply: untilClose() } });
 * const reply = await carrier.exchange([header, body]);
 *
 * @throws TransportError TRANSPORT_BAD_ADDRESS when the port is none
 */
export function tcp(address: TcpAddress, options: SocketOptions): Carrier {
  checkPort(address);
  const endpoint = new TcpEndpoint(address, options);
  const underWay = new Set<Promise<unknown>>();
  let closed = false;
  return {
    async exchange(request, exchange) {
      if (closed) throw new TransportError('TRANSPORT_CLOSED', `the carrier to ${url(address)} is closed`);
      const reply = endpoint.exchange(request, exchange);
      underWay.add(reply);
      try {
        return await reply;
      } finally {
        underWay.delete(reply);
      }
    },
    rest: () => endpoint.rest(),
    async [Symbol.asyncDispose]() {
      closed = true;
      await Promise.allSettled(underWay);
      endpoint.rest();
    },
  };
}

/**
 * A host and port. A name that stands for several addresses is tried one address after the other, never two at once:
 * a connection that loses such a race would be closed with nothing sent, and there are peers that die of that.
 */
class TcpEndpoint {
  readonly #address: TcpAddress;
  readonly #options: SocketOptions;
  /** The address that answered last. */
  #known: string | undefined;
  /** Connections kept for the messages to come, where the dialect keeps them. */
  #kept: CallerConnection[] = [];

  constructor(address: TcpAddress, options: SocketOptions) {
    this.#address = address;
    this.#options = options;
  }

  async exchange(request: Message, options: ExchangeOptions = {}): Promise<Uint8Array> {
    if (options.signal?.aborted) throw options.signal.reason;
    let refused: unknown;
    const hosts = this.#known === undefined ? await unlessAborted(this.#resolve(), options.signal) : [this.#known];
    for (const host of hosts) {
      try {
        const reply = await this.#exchangeAt(host, request, options);
        this.#known = host;
        return reply;
      } catch (error) {
        if (!provesUnseen(error)) throw error;
        refused = error;
      }
    }
    if (this.#known === undefined) throw refused;
    // The address that answered last does not any more: ask for the name again.
    this.#known = undefined;
    return await this.exchange(request, options);
  }

  /** Closes what is kept. */
  rest(): void {
    for (const connection of this.#kept.splice(0)) connection.close();
  }

  async #exchangeAt(host: string, request: Message, options: ExchangeOptions): Promise<Uint8Array> {
    if (options.signal?.aborted) throw options.signal.reason;
    const parts = this.#options.dialect.request.encode(request);
    const kept = this.#kept.findLastIndex((connection) => connection.idle);
    const [connection = this.#connect(host)] = kept < 0 ? [] : this.#kept.splice(kept, 1);
    const reply = await connection.exchange(parts, options);
    if (this.#options.dialect.connection === 'persistent') this.#keep(connection);
    return reply;
  }

  #connect(host: string): CallerConnection {
    const { port } = this.#address;
    const connect = { host, port, autoSelectFamily: false };
    return new CallerConnection({ connect, address: url(this.#address), port }, this.#options);
  }

  /** Forgets at the same time what has been closed by the peer. */
  #keep(connection: CallerConnection): void {
    this.#kept = [...this.#kept, connection].filter(({ idle }) => idle);
  }

  async #resolve(): Promise<string[]> {
    const { host } = this.#address;
    if (isIP(host)) return [host];
    try {
      return (await lookup(host, { all: true })).map(({ address }) => address);
    } catch (error) {
      throw connectError(url(this.#address), error as NodeJS.ErrnoException);
    }
  }
}

/** What `promise` comes to, or `signal.reason` as soon as that is aborted: a resolver cannot be called off. */
function unlessAborted<T>(promise: Promise<T>, signal: Signal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}

function checkPort({ host, port }: TcpAddress): void {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return;
  throw new TransportError('TRANSPORT_BAD_ADDRESS', `${port} is no port of ${host}: expected 0 to 65535`, {
    host,
    port,
  });
}

/**
 * Listens on TCP and answers every request with what `handler` returns.
 * @throws TransportError TRANSPORT_ADDRESS when the address cannot be listened on, TRANSPORT_BAD_ADDRESS when the
 *   port is none
 */
export async function listenTcp(
  address: TcpAddress,
  options: SocketListenOptions,
  handler: Handler,
): Promise<Listener> {
  checkPort(address);
  const { host, port } = address;
  const bound = (server: { address(): unknown }): string => url({ host, port: (server.address() as AddressInfo).port });
  return listenOn({ listen: { host, port }, address: url(address), bound }, options, handler);
}

function url({ host, port }: TcpAddress): string {
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
