// Options of both ends of a stream socket: the dialect that is spoken there, and the limits.

import { type ListenLimits, resolveListenLimits } from '../answering/listen-limits.ts';
import { checkChoice, checkFunction, optionsOf } from '../errors/options.ts';
import { REPLY_LIMITS, type ReplyLimits, resolveReplyLimits } from '../exchange/reply-limits.ts';
import type { FrameLimits } from '../framing/limits.ts';
import { checkDialect, type SocketDialect } from './dialect/dialect.ts';

/** What both ends of a socket take. */
export interface SocketOptions {
  readonly dialect: SocketDialect;
  readonly limits?: Partial<FrameLimits>;
}

/** What the calling end takes. */
export interface CallerOptions extends SocketOptions {
  /** How large a reply, and how slow: see ReplyLimits. */
  readonly limits?: Partial<ReplyLimits>;
  /**
   * Whether who is reached is still whom messages are meant for, for callers who can know it: a port may be another program's
   * by now. Asked when a connection stands, before anything is sent: on `false` nothing is, and the exchange is rejected with
   * TRANSPORT_REFUSED (`detail.stranger`). Asked once more when the peer has closed a connection: on `false` that is reset, so that
   * a peer that is gone leaves no TIME_WAIT on its port. It has to be fast, and may not throw. `localPort` is this end's port, where
   * there are ports.
   */
  readonly isPeer?: (localPort: number | undefined) => boolean;
}

/** How to listen. */
export interface SocketListenOptions extends SocketOptions {
  /** How many, how much, how long: see ListenLimits. */
  readonly limits?: Partial<ListenLimits>;
  /** Close each connection after its first reply, as peers that read up to the end expect. Default: unless `persistent`. */
  readonly oneMessage?: boolean;
  /**
   * Told of every connection that failed: a broken frame, a caller that went away, was too slow or too much
   * (TransportErrors), or whatever a handler threw. What it throws itself is a rejection that nobody handles.
   */
  readonly onError?: (error: unknown, peer: string) => void;
}

/** What a caller's end takes. */
const CALLER: readonly string[] = ['dialect', 'limits', 'isPeer'];
/** What a listener takes, wherever it listens. */
const LISTENER: readonly string[] = ['dialect', 'limits', 'oneMessage', 'onError'];

/**
 * Options as the calling end takes them, each asked for once.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function callerOptions(given: unknown): CallerOptions {
  const { dialect, limits, isPeer } = optionsOf('options', given, CALLER);
  checkFunction('isPeer', isPeer, 'optional');
  // What was left out is for the framings to say.
  const bounds = optionsOf('limits', limits, REPLY_LIMITS) as Partial<ReplyLimits>;
  resolveReplyLimits(bounds);
  return {
    dialect: checkDialect('dialect', dialect, 'caller'),
    limits: bounds,
    ...(typeof isPeer === 'function' && { isPeer: isPeer as NonNullable<CallerOptions['isPeer']> }),
  };
}

/**
 * Options as a listener takes them, each asked for once.
 * @param more names of what is taken besides, which comes back as it is
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function listenOptions<More extends string = never>(
  given: unknown,
  handler: unknown,
  more: readonly More[] = [],
): SocketListenOptions & { readonly [K in More]?: unknown } {
  const { dialect, oneMessage, onError, limits, ...rest } = optionsOf('options', given, [...LISTENER, ...more]);
  checkChoice('oneMessage', oneMessage, [true, false]);
  checkFunction('onError', onError, 'optional');
  checkFunction('handler', handler);
  return {
    ...(rest as { readonly [K in More]?: unknown }),
    dialect: checkDialect('dialect', dialect, 'listener'),
    limits: resolveListenLimits(limits as Partial<ListenLimits> | undefined),
    ...(typeof oneMessage === 'boolean' && { oneMessage }),
    ...(typeof onError === 'function' && { onError: onError as NonNullable<SocketListenOptions['onError']> }),
  };
}
