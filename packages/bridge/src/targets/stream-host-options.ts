// The options of the hosts at stream sockets, which call at `tcp:` and `unix:` addresses: their dialect, and limits on them.
import type { Handler, Listener } from '@bridge/transport';
import type { ListenLimits, SocketListenOptions } from '@bridge/transport/tcp';
import { checkDialect } from '../dialects/check-dialect.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { explainHost } from '../dialects/hint.ts';
import { seed } from '../dialects/seed.ts';
import { type Names, optionsOf } from '../errors/options.ts';
import type { Front, Hosts } from './scheme.ts';

/** Options of listening for hosts at a stream socket. */
export interface StreamHostOptions {
  /** The dialect of the hosts. Default: `dialects.seed`; in `relay`, the model's. */
  readonly dialect?: Dialect | undefined;
  /** Limits on the hosts: `ListenLimits` of @bridge/transport. A host that exceeds a limit has its connection closed. */
  readonly limits?: Partial<ListenLimits> | undefined;
}

/** The names of these options. */
export const STREAM_HOST_OPTIONS: Names<StreamHostOptions> = { dialect: true, limits: true };

const LISTEN_LIMITS: Names<ListenLimits> = {
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

/**
 * Returns the hosts at a socket.
 * @param listen listens there. The transport checks the values of the limits
 * @throws BridgeError BRIDGE_OPTION; TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
 */
export function streamHosts(
  { dialect: given = seed, limits: bounds }: StreamHostOptions,
  { prefix, limits: defaults }: Front,
  listen: (options: SocketListenOptions, handler: Handler) => Promise<Listener>,
): Hosts {
  const dialect = checkDialect(`${prefix}dialect`, given, 'listener');
  const limits = { ...defaults, ...optionsOf<Partial<ListenLimits>>(`${prefix}limits`, bounds, LISTEN_LIMITS) };
  return {
    codec: dialect.codec,
    oneWay: dialect.reply.carriesNothing === true,
    limits,
    listen: (onError, handler) =>
      listen({ dialect, limits, onError: (error, peer) => onError(explainHost(error, dialect), peer) }, handler),
  };
}
