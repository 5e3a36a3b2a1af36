// The options of a front (`serve`, `relay`) that concern its hosts: what they speak, and their limits. Each scheme says which of these
// options it understands.
import type { ListenLimits } from '@bridge/transport/tcp';
import { type CodecOption, checkCodecs } from '../codecs/check-codec.ts';
import type { CodecPair } from '../codecs/codec.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { checkOption, type Names, optionsOf } from '../errors/options.ts';

/** Options of a front that concern its hosts: the form of their messages, and their limits. */
export interface HostOptions {
  /** The codec that makes arrays into messages, for both directions or for each. Default: that of the dialect; else `codecs.npy`. */
  readonly codec?: CodecOption | undefined;
  /** The dialect of the hosts, on stream sockets. Default: `dialects.seed`. */
  readonly dialect?: Dialect | undefined;
  /** Limits on the hosts: `ListenLimits` of @bridge/transport. A host that is past one is closed. */
  readonly limits?: Partial<ListenLimits> | undefined;
  /** The permission bits of a Unix socket's file (0o600): they say who may connect. Default: what the process's umask leaves. */
  readonly permissions?: number | undefined;
}

/** The names of these options, for functions that take others beside them. */
export const HOSTS: Names<HostOptions> = { codec: true, dialect: true, limits: true, permissions: true };

/**
 * Called with the error of a request or of a host, and with the host's address. An error that this function throws does no harm to any
 * connection: it becomes an unhandled rejection.
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

/** Returns the limits, whose values the transport checks. @throws BridgeError BRIDGE_OPTION for an unknown limit */
export function listenLimits(name: string, limits: Partial<ListenLimits> | null | undefined): Partial<ListenLimits> {
  return optionsOf<Partial<ListenLimits>>(name, limits, LIMITS);
}

/**
 * Returns the codec of the hosts' requests and that of their replies.
 * @throws BridgeError BRIDGE_OPTION
 */
export function hostCodecs({ codec, dialect }: HostOptions): CodecPair {
  const pair = checkCodecs(codec, dialect?.codec);
  return dialect?.reply?.carriesNothing ? { ...pair, reply: null } : pair;
}

/**
 * Refuses an option that the address does not understand, because it would be ignored: a TCP port has no file with permissions.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkHostOptions(known: readonly (keyof HostOptions)[], scheme: string, hosts: HostOptions): void {
  for (const name of Object.keys(hosts) as (keyof HostOptions)[]) {
    const holds = name === 'codec' || hosts[name] === undefined || known.includes(name);
    checkOption(name, hosts[name], holds, `no such option at ${scheme}:`);
  }
}
