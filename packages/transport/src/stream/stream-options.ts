// The options of a caller and of a listener on stream sockets, and their checks.

import { type ListenLimits, resolveListenLimits } from '../answering/listen-limits.ts';
import { checkChoice, checkFunction, optionsOf, propertiesOf } from '../errors/options.ts';
import { type ReplyLimits, resolveReplyLimits } from '../exchange/reply-limits.ts';
import { checkDialect, type SocketDialect } from '../framing/dialect/dialect.ts';
import type { FrameLimits } from '../framing/limits.ts';

/** Options that callers and listeners have. */
export interface SocketOptions {
  /** The dialect of the other end. */
  readonly dialect: SocketDialect;
  /** Limits on the size of a message. */
  readonly limits?: Partial<FrameLimits>;
}

/** Options of a caller. */
export interface CallerOptions extends SocketOptions {
  /** Limits on the size and the pace of a reply. */
  readonly limits?: Partial<ReplyLimits>;
  /**
   * Returns false if the program at the other end is known not to be the one that messages are meant for, because another program has the
   * port by now. Called when a connection is established: after `false` nothing is sent, and the exchange rejects with TRANSPORT_REFUSED
   * (`detail.stranger`). Called once more when the peer has closed a connection: after `false` the connection is reset, so that a program
   * that has ended leaves no TIME_WAIT on its port. The function has to be fast. If it throws when a connection is established, nothing is
   * sent, and the exchange rejects with its error.
   * @param localPort this end's port; undefined for a Unix socket
   */
  readonly isPeer?: (localPort: number | undefined) => boolean;
}

/** Options of a listener. */
export interface SocketListenOptions extends SocketOptions {
  /** Limits on each caller, and on all callers together. */
  readonly limits?: Partial<ListenLimits>;
  /**
   * True to close each connection after its first reply, which callers need that read up to the end of the stream. Default: true, unless
   * the dialect's `connection` is `persistent`.
   */
  readonly oneMessage?: boolean;
  /**
   * Called for every connection that failed, with the caller's address: with a TransportError if the framing was invalid, or the caller has
   * gone, was too slow or exceeded a limit; with the error that a handler threw. An error that this function throws becomes an unhandled
   * rejection.
   */
  readonly onError?: (error: unknown, peer: string) => void;
}

/** The options of a caller after their check. */
export interface CheckedCallerOptions extends Pick<CallerOptions, 'isPeer'> {
  readonly dialect: SocketDialect;
  /** The limits of the decoder of replies. Undefined without a given limit, because a framing may have its own default. */
  readonly frameLimits: FrameLimits | undefined;
  /** The limits on the pace of a reply. */
  readonly limits: ReplyLimits;
}

/** The options of a listener after their check. */
export interface CheckedListenOptions extends Omit<SocketListenOptions, 'limits'> {
  readonly limits: ListenLimits;
}

/** The names of a caller's options. */
const CALLER: readonly string[] = ['dialect', 'limits', 'isPeer'];
/** The names of the options that all listeners have. */
const LISTENER: readonly string[] = ['dialect', 'limits', 'oneMessage', 'onError'];

/**
 * Returns the checked options of a caller.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function callerOptions(given: unknown): CheckedCallerOptions {
  const { dialect, limits, isPeer } = optionsOf('options', given, CALLER);
  checkFunction('isPeer', isPeer, 'optional');
  const bounds = resolveReplyLimits(limits as Partial<ReplyLimits> | undefined);
  const { maxMessageBytes } = propertiesOf(limits);
  const isGiven = maxMessageBytes !== undefined && maxMessageBytes !== null;
  return {
    dialect: checkDialect('dialect', dialect, 'caller'),
    frameLimits: isGiven ? { maxMessageBytes: bounds.maxMessageBytes } : undefined,
    limits: bounds,
    ...(typeof isPeer === 'function' && { isPeer: isPeer as NonNullable<CallerOptions['isPeer']> }),
  };
}

/**
 * Returns the checked options of a listener.
 * @param more names of further options, which are returned unchecked
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function listenOptions<More extends string = never>(
  given: unknown,
  handler: unknown,
  more: readonly More[] = [],
): CheckedListenOptions & { readonly [K in More]?: unknown } {
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
