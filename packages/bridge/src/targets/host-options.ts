// The options of a front that are about its hosts: their dialect and codec, and their limits. A front is a function that listens for hosts:
// `serve` or `relay`. A host is a program that calls it. Each scheme lists the options that its addresses have.
import type { ListenLimits } from '@bridge/transport/tcp';
import { type CodecOption, checkCodecs } from '../codecs/check-codec.ts';
import type { CodecPair } from '../codecs/codec.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';

/** Options of `serve` and `relay` about the hosts that call: the form of their messages, and their limits. */
export interface HostOptions {
  /**
   * The codec that makes arrays into messages: one for both directions, or a pair. Default: the dialect's codec, or `codecs.npy` if it has
   * none; in `relay`, the model's.
   */
  readonly codec?: CodecOption | undefined;
  /** The dialect of the hosts, on stream sockets. Default: `dialects.seed`; in `relay`, the model's. */
  readonly dialect?: Dialect | undefined;
  /** Limits on the hosts: `ListenLimits` of @bridge/transport. A host that exceeds a limit has its connection closed. */
  readonly limits?: Partial<ListenLimits> | undefined;
  /** The permission bits of a Unix socket's file, for those who may connect: 0o600. Default: as the process's umask has it. */
  readonly permissions?: number | undefined;
}

/** The names of these options, for functions that have other options as well. */
export const HOSTS: Names<HostOptions> = { codec: true, dialect: true, limits: true, permissions: true };

/**
 * Called with the error of a request or of a host, and with the host's address. An error that this function throws becomes an unhandled
 * rejection, and no connection is closed because of it.
 */
export type OnError = (error: unknown, peer: string) => void;

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

/** Returns the limits; the transport checks their values later. @throws BridgeError BRIDGE_OPTION if a limit is unknown */
export function listenLimits(name: string, limits: Partial<ListenLimits> | null | undefined): Partial<ListenLimits> {
  return optionsOf<Partial<ListenLimits>>(name, limits, LIMITS);
}

/**
 * Returns the codec of the hosts' requests, and the codec of the replies to them.
 * @throws BridgeError BRIDGE_OPTION
 */
export function hostCodecs({ codec, dialect }: HostOptions): CodecPair {
  const pair = checkCodecs(codec, dialect?.codec);
  return dialect?.reply?.carriesNothing ? { ...pair, reply: null } : pair;
}

/**
 * Rejects an option that the address's scheme does not have, because it would be ignored: a TCP port has no file with permissions.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkHostOptions(known: readonly (keyof HostOptions)[], scheme: string, hosts: HostOptions): void {
  for (const name of Object.keys(hosts) as (keyof HostOptions)[]) {
    const holds = name === 'codec' || hosts[name] === undefined || known.includes(name);
    checkOption(name, hosts[name], holds, `nothing, because a ${scheme}: address has no such option`);
  }
}
