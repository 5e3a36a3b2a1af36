// Options of both ends of a stream socket: the dialect that is spoken there, and the limits.

import { type ListenLimits, resolveListenLimits } from '../answering/listen-limits.ts';
import { checkChoice, checkFunction, optionsOf } from '../errors/options.ts';
import { REPLY_LIMITS, type ReplyLimits, resolveReplyLimits } from '../exchange/reply-limits.ts';
import { checkDialect, type SocketDialect } from '../framing/dialect/dialect.ts';
import type { FrameLimits } from '../framing/limits.ts';

/** Options of both ends of a socket. */
export interface SocketOptions {
  readonly dialect: SocketDialect;
  readonly limits?: Partial<FrameLimits>;
}

/** Options of the calling end. */
export interface CallerOptions extends SocketOptions {
  /** Limits on the size and the pace of a reply. */
  readonly limits?: Partial<ReplyLimits>;
  /**
   * Returns whether the program that was reached is the one that messages are meant for, if the caller can know that: by now a port may
   * be another program's. It is called when a connection stands, before anything is sent: on `false` nothing is sent, and the exchange
   * is rejected with TRANSPORT_REFUSED (`detail.stranger`). It is called once more when the peer has closed a connection: on `false` the
   * connection is reset, so that a peer that has ended leaves no TIME_WAIT on its port. It has to be fast, and must not throw.
   * `localPort` is this end's port, if there are ports.
   */
  readonly isPeer?: (localPort: number | undefined) => boolean;
}

/** Options of a listener. */
export interface SocketListenOptions extends SocketOptions {
  /** Limits on what callers may take, all together and each. */
  readonly limits?: Partial<ListenLimits>;
  /**
   * True to close each connection after its first reply, as peers that read up to the end expect. Default: true, unless `connection` of
   * the dialect is `persistent`.
   */
  readonly oneMessage?: boolean;
  /**
   * Called for every connection that failed: with a TransportError if a frame was invalid, or a caller went away, was too slow or went
   * past a limit; with what a handler threw. An error that this function throws becomes an unhandled rejection.
   */
  readonly onError?: (error: unknown, peer: string) => void;
}

/** The names of the calling end's options. */
const CALLER: readonly string[] = ['dialect', 'limits', 'isPeer'];
/** The names of a listener's options, wherever it listens. */
const LISTENER: readonly string[] = ['dialect', 'limits', 'oneMessage', 'onError'];

/**
 * Returns the checked options of the calling end.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function callerOptions(given: unknown): CallerOptions {
  const { dialect, limits, isPeer } = optionsOf('options', given, CALLER);
  checkFunction('isPeer', isPeer, 'optional');
  // Only what was given is kept: the defaults for the rest are the framings'.
  const bounds = optionsOf('limits', limits, REPLY_LIMITS) as Partial<ReplyLimits>;
  resolveReplyLimits(bounds);
  return {
    dialect: checkDialect('dialect', dialect, 'caller'),
    limits: bounds,
    ...(typeof isPeer === 'function' && { isPeer: isPeer as NonNullable<CallerOptions['isPeer']> }),
  };
}

/**
 * Returns the checked options of a listener.
 * @param more names of further options, which come back unchecked
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
