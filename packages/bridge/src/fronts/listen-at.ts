// Hosts come in here: a listener at an address, in the dialect that they speak. What `serve` and `relay` have in common.
// What needs sockets is loaded when somebody listens.
import type { Handler, Listener } from '@bridge/transport';
import type { ListenLimits } from '@bridge/transport/tcp';
import { checkDialect } from '../dialects/check-dialect.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { hintedHost } from '../dialects/hint.ts';
import { dialects } from '../dialects/named.ts';
import { checkFunction, checkOption, type Names, optionsOf } from '../errors/options.ts';
import { parseAddress } from '../targets/address.ts';

/** Which hosts, and what they are allowed. */
export interface HostOptions {
  /** What the hosts speak. Default: `dialects.seed`. */
  readonly dialect?: Dialect;
  /** How many, how much, how long: `ListenLimits` of @bridge/transport. Whoever is past one is closed. */
  readonly limits?: Partial<ListenLimits>;
  /** Of a Unix socket's file: who may connect, as permission bits (0o600). Default: what the process's umask leaves. */
  readonly permissions?: number;
}

/** For whoever takes these options and more. */
export const HOSTS: Names<HostOptions> = { dialect: true, limits: true, permissions: true };

const LIMITS: Names<ListenLimits> = {
  maxMessageBytes: true,
  maxConnections: true,
  maxHeldBytes: true,
  firstByteMs: true,
  idleMs: true,
  stallMs: true,
  stallBytes: true,
  messageMs: true,
  takeMs: true,
  maxHandlers: true,
  maxQueued: true,
  handlerMs: true,
  closeMs: true,
};

/** @throws BridgeError BRIDGE_OPTION for a limit that is not known; its value is for the transport to check */
export function listenLimits(name: string, limits: Partial<ListenLimits> | null | undefined): Partial<ListenLimits> {
  return optionsOf<Partial<ListenLimits>>(name, limits, LIMITS);
}

/**
 * Told of a request that failed, or of a host that did, and who it was. What it throws, or rejects with, does no harm to any
 * connection: it is a rejection that nobody handles, on which Node ends a program that has not said otherwise.
 */
export type OnError = (error: unknown, peer: string) => void;

/**
 * @param hosts by `optionsOf`
 * @throws BridgeError BRIDGE_TARGET, BRIDGE_OPTION; TransportError TRANSPORT_ADDRESS, TRANSPORT_BAD_ADDRESS,
 *   TRANSPORT_BAD_OPTION
 */
export async function listenAt(
  address: string,
  hosts: Partial<HostOptions>,
  onError: OnError,
  handler: Handler,
): Promise<Listener> {
  const { permissions } = hosts;
  const limits = listenLimits('limits', hosts.limits);
  const dialect = checkDialect('dialect', hosts.dialect ?? dialects.seed, 'listener');
  checkFunction('onError', onError);
  const endpoint = parseAddress(address);
  const told: OnError = (error, peer) => onError(hintedHost(error, dialect), peer);
  const options = { dialect, onError: told, limits };
  if (endpoint.kind === 'unix') {
    const { listenUnix } = await import('@bridge/transport/unix');
    const { path } = endpoint;
    return await listenUnix({ path }, { ...options, ...(permissions !== undefined && { permissions }) }, handler);
  }
  checkOption('permissions', permissions, permissions === undefined, 'none: a TCP port has no file');
  const { listenTcp } = await import('@bridge/transport/tcp');
  const { host, port } = endpoint;
  return await listenTcp({ host, port }, options, handler);
}
