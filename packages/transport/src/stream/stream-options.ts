// The options of a caller and of a listener on stream sockets, and their checks.

import { type ListenLimits, resolveListenLimits } from '../answering/listen-limits.ts';
import { checkChoice, checkFunction, optionsOf } from '../errors/options.ts';
import { REPLY_LIMITS, type ReplyLimits, resolveReplyLimits } from '../exchange/reply-limits.ts';
import { checkDialect, type SocketDialect } from '../framing/dialect/dialect.ts';
import type { FrameLimits } from '../framing/limits.ts';

/** Options that both ends of a socket have. */
export interface SocketOptions {
  readonly dialect: SocketDialect;
  readonly limits?: Partial<FrameLimits>;
}

/** Options of the calling end. */
export interface CallerOptions extends SocketOptions {
  /** Limits on the size and the pace of a reply. */
  readonly limits?: Partial<ReplyLimits>;
  /**
   * Returns whether the program at the other end is the one that messages are meant for, if the caller can know that: another program may
   * have the port by now. It is called when a connection is established, before anything is sent: on `false` nothing is sent, and the
   * exchange is rejected with TRANSPORT_REFUSED (`detail.stranger`). It is called once more when the peer has closed a connection: on `false`
   * the connection is reset, so that a peer that has ended leaves no TIME_WAIT on its port. It has to be fast, and must not throw.
   * `localPort` is this end's port; a Unix socket has none.
   */
  readonly isPeer?: (localPort: number | undefined) => boolean;
}

/** Options of a listener. */
export interface SocketListenOptions extends SocketOptions {
  /** Limits on what each caller may take, and all callers together. */
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
  // Limits that were left out stay out, because each framing has its own defaults.
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
