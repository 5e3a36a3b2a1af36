// What a peer speaks on a stream socket: how each direction is framed, and how a connection ends. Options of both ends.
import { checkExchange, checkOpening, type ExchangePlan } from '../framing/conversation.ts';
import type { Framing } from '../framing/framing.ts';
import type { FrameLimits } from '../framing/limits.ts';
import { REPLY_LIMITS, type ReplyLimits, resolveReplyLimits } from '../framing/reply-limits.ts';
import { checkFraming, type End, type Token } from '../framing/token.ts';
import { checkChoice, checkFunction, looked, optionsOf } from '../options.ts';
import { type ListenLimits, resolveListenLimits } from './listen-limits.ts';

/** How an existing program talks on a stream. */
export interface SocketDialect {
  readonly request: Framing;
  readonly reply: Framing;
  /**
   * How the calling side ends a connection once it has its reply. `fin` (default) closes it in the usual way;
   * `reset` leaves no TIME_WAIT behind, for peers that take one connection a message and do not close it; `peer` lets
   * the peer close first, for those that do. On a Unix socket, which knows neither, `reset` is `fin`.
   */
  readonly close?: 'fin' | 'reset' | 'peer';
  /** `message` (default): a connection for each message. `persistent`: a connection is kept for the messages to come. */
  readonly connection?: 'message' | 'persistent';
  /**
   * What goes over each new connection before its first message, in order: greetings, weights. Each end waits for what the
   * other has to say, and checks it, before it goes on. Default: nothing.
   */
  readonly opening?: readonly Token[];
  /**
   * What goes over it in each exchange, in order, where that is more than a request and its reply: acknowledgements. Between
   * the two only the listener speaks.
   *
   * @example
   * exchange: ['request', { from: 'listener', message: [ok] }, 'reply', { from: 'caller', message: [ok] }]
   */
  readonly exchange?: ExchangePlan;
}

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

/** What a dialect has; those of @bridge/bridge have a name besides, and say what they refuse. */
const DIALECT: readonly string[] = [
  'request',
  'reply',
  'close',
  'connection',
  'opening',
  'exchange',
  'name',
  'refuses',
];

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
 * A dialect as it was handed over, each of its parts asked for once.
 * @param end whose it is: it has to have what that end sends besides messages. Either, where it is undefined
 * @throws TransportError TRANSPORT_BAD_OPTION; TRANSPORT_BAD_MESSAGE for what is to be sent besides, and is no message
 */
export function checkDialect(name: string, given: unknown, end?: End): SocketDialect {
  const { request, reply, close, connection, opening, exchange } = optionsOf(name, given, DIALECT);
  checkFraming(`${name}.request`, request);
  checkFraming(`${name}.reply`, reply);
  checkChoice(`${name}.close`, close, ['fin', 'reset', 'peer']);
  checkChoice(`${name}.connection`, connection, ['message', 'persistent']);
  const answers = looked(`${name}.reply`, () => !reply.carriesNothing);
  return {
    request,
    reply,
    ...(close !== undefined && { close: close as NonNullable<SocketDialect['close']> }),
    ...(connection !== undefined && { connection: connection as NonNullable<SocketDialect['connection']> }),
    ...(opening !== undefined && { opening: checkOpening(`${name}.opening`, opening, end) }),
    ...(exchange !== undefined && { exchange: checkExchange(`${name}.exchange`, exchange, answers, end) }),
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
