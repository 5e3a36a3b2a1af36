// @bridge/transport/tcp: messages over TCP, in the peer's framing.
import { lookup } from 'node:dns/promises';
import { type AddressInfo, isIP, type TcpNetConnectOpts } from 'node:net';
import { plain } from '../../errors/quoted.ts';
import { provesUnseen } from '../../errors/transport-error.ts';
import type { Carrier, ExchangeOptions, Handler, Listener } from '../../exchange/carrier.ts';
import { makeCarrier } from '../../exchange/make-carrier.ts';
import { unlessAborted } from '../../exchange/unless-aborted.ts';
import type { Message } from '../../framing/message.ts';
import { checkTcpAddress, type TcpAddress } from '../../machine/ports/tcp-address.ts';
import { SocketCaller } from '../../stream/caller.ts';
import type { SocketTarget } from '../../stream/caller-connection.ts';
import { listenOn } from '../../stream/listen.ts';
import type { OutgoingMessage } from '../../stream/outgoing-message.ts';
import { connectError, listenError } from '../../stream/stream-errors.ts';
import {
  type CallerOptions,
  type CheckedCallerOptions,
  callerOptions,
  listenOptions,
  type SocketListenOptions,
} from '../../stream/stream-options.ts';
import { portUse, useText } from './port-use.ts';

export type { ListenLimits } from '../../answering/listen-limits.ts';
export { ReplyPace } from '../../exchange/reply-pace.ts';
export type { SocketDialect } from '../../framing/dialect/dialect.ts';
export type { TcpAddress } from '../../machine/ports/tcp-address.ts';
export type { CallerOptions, SocketListenOptions, SocketOptions } from '../../stream/stream-options.ts';

/**
 * Returns a carrier that opens one connection for each message, or uses persistent connections if the dialect says so. The number of
 * exchanges at once is not limited: to a peer that takes one message at a time, send one at a time.
 *
 * @example
 * const carrier = tcp({ host: '127.0.0.1', port: 6000 }, { dialect: { request: asciiLength({ width: 10 }), reply: untilClose() } });
 * const reply = await carrier.exchange([header, body]);
 *
 * @throws TransportError TRANSPORT_BAD_ADDRESS if host or port is invalid, TRANSPORT_BAD_OPTION
 */
export function tcp(address: TcpAddress, options: CallerOptions): Carrier {
  const { host, port } = checkTcpAddress(address);
  const endpoint = new TcpEndpoint({ host, port }, callerOptions(options));
  return makeCarrier(url({ host, port }), endpoint);
}

/** One of the IP addresses of a host, with the port. */
interface TcpTarget extends SocketTarget {
  readonly connect: TcpNetConnectOpts;
}

/**
 * A host and port. The IP addresses of a host name are tried one after the other, never two at once: of two connections, one would be
 * closed with nothing sent, and there are peers that die of that.
 */
class TcpEndpoint {
  readonly #address: TcpAddress;
  readonly #caller: SocketCaller;
  /** The IP address at which the last exchange succeeded. */
  #known: TcpTarget | undefined;

  constructor(address: TcpAddress, options: CheckedCallerOptions) {
    this.#address = address;
    this.#caller = new SocketCaller(url(address), options);
  }

  async exchange(request: Message, options: ExchangeOptions): Promise<Uint8Array> {
    const outgoing = this.#caller.frame(request);
    const known = this.#known;
    const { unrefs } = this.#caller;
    if (known === undefined)
      return await this.#exchangeAtOneOf(await this.#targets(options), outgoing, options, unrefs);
    try {
      return await this.#caller.exchange(known, outgoing, options);
    } catch (error) {
      if (!provesUnseen(error)) throw error;
      // No connection was made to the address of the last success: the name is resolved again, for other addresses.
      if (this.#known === known) this.#known = undefined;
      const others = (await this.#targets(options)).filter(({ connect }) => connect.host !== known.connect.host);
      if (others.length === 0) throw error;
      return await this.#exchangeAtOneOf(others, outgoing, options, unrefs);
    }
  }

  rest(): void {
    this.#caller.rest();
  }

  finished(): Promise<void> {
    return this.#caller.finished();
  }

  unref(): void {
    this.#caller.unref();
  }

  /** Exchanges the message with the first of `targets` that a connection can be made to. */
  async #exchangeAtOneOf(
    targets: readonly TcpTarget[],
    request: OutgoingMessage,
    options: ExchangeOptions,
    unrefs: number,
  ): Promise<Uint8Array> {
    let unreached: unknown = connectError(this.#caller.address, new Error('the name has no address'));
    for (const target of targets) {
      try {
        const reply = await this.#caller.exchange(target, request, options, unrefs);
        this.#known = target;
        return reply;
      } catch (error) {
        if (!provesUnseen(error)) throw error;
        unreached = error;
      }
    }
    throw unreached;
  }

  async #targets({ signal }: ExchangeOptions): Promise<readonly TcpTarget[]> {
    const { host, port } = this.#address;
    const targetAt = (address: string): TcpTarget => ({
      connect: { host: address, port, autoSelectFamily: false },
      address: this.#caller.address,
      port,
    });
    if (isIP(host)) return [targetAt(host)];
    try {
      // A lookup cannot be aborted.
      return (await unlessAborted(lookup(host, { all: true }), signal)).map(({ address }) => targetAt(address));
    } catch (error) {
      if (signal?.aborted && error === signal.reason) throw error;
      throw connectError(this.#caller.address, error as NodeJS.ErrnoException);
    }
  }
}

/**
 * Listens on TCP and answers every request with what `handler` returns.
 * @throws TransportError TRANSPORT_ADDRESS if the address cannot be listened on, TRANSPORT_BAD_ADDRESS if host or port is
 *   invalid, TRANSPORT_BAD_OPTION
 */
export async function listenTcp(
  address: TcpAddress,
  options: SocketListenOptions,
  handler: Handler,
): Promise<Listener> {
  const { host, port } = checkTcpAddress(address);
  const checked = listenOptions(options, handler);
  const bound = (server: { address(): unknown }): string => url({ host, port: (server.address() as AddressInfo).port });
  const asked = url({ host, port });
  const refusal = async (cause: NodeJS.ErrnoException): Promise<unknown> => {
    const use = cause.code === 'EADDRINUSE' ? await portUse(port) : undefined;
    return use ? listenError(asked, cause, useText(use), { ...use }) : listenError(asked, cause);
  };
  return await listenOn({ listen: { host, port }, address: asked, bound, refusal }, checked, handler);
}

/** The length of the longest possible host name. */
const HOST_CHARACTERS = 255;

function url({ host: given, port }: TcpAddress): string {
  const host = plain(given, HOST_CHARACTERS);
  return `tcp://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
