// The dialect of a peer on a stream: the framing of each direction, the tokens between messages, and the way to close a connection.
import { checkChoice, optionError, optionsOf } from '../../errors/options.ts';
import type { Framing } from '../framing.ts';
import { checkExchange, checkOpening, type ExchangePlan } from './conversation.ts';
import { checkFraming, type End, type Token } from './token.ts';

/** The dialect of a program on a stream: the form and order of the bytes that it expects and sends. */
export interface SocketDialect {
  /** The framing of requests. */
  readonly request: Framing;
  /** The framing of replies; `noReply()` if there are none. */
  readonly reply: Framing;
  /**
   * The way in which the caller closes a connection after its reply. `fin` (default): in the usual way. `reset`: by a TCP reset, which
   * leaves no TIME_WAIT, for peers that take one connection for each message and do not close it. `peer`: after the peer has closed it, for
   * peers that do. A Unix socket has no resets and no TIME_WAIT: there `reset` does what `fin` does.
   */
  readonly close?: 'fin' | 'reset' | 'peer';
  /** `message` (default): one connection for each message. `persistent`: a connection stays open for later messages. */
  readonly connection?: 'message' | 'persistent';
  /**
   * The tokens of each new connection before its first message, in order: greetings, or the weights of a model. Each end waits for the
   * other's tokens, and checks them, before it goes on. Default: no tokens.
   */
  readonly opening?: readonly Token[];
  /**
   * The messages and tokens of each exchange, in order, if it has acknowledgements. Between the request and the reply, only the listener
   * may send tokens. A listener reads a token of the caller at the end only on persistent connections. Default: a request and its reply.
   *
   * @example
   * exchange: ['request', { from: 'listener', message: [ok] }, 'reply', { from: 'caller', message: [ok] }]
   */
  readonly exchange?: ExchangePlan;
}

/** The names of a dialect's parts. `name` and `codec` are parts that dialects of @bridge/bridge have as well. */
const DIALECT: readonly string[] = ['request', 'reply', 'close', 'connection', 'opening', 'exchange', 'name', 'codec'];

/**
 * Checks a dialect of unknown type, for packages that take dialects from their users and pass them to this one.
 * @param name the dialect's name in errors
 * @param end the end that uses the dialect, and that needs a `message` for the tokens that it sends; undefined if either may use it
 * @returns a copy of the dialect as a plain object
 * @throws TransportError TRANSPORT_BAD_OPTION; TRANSPORT_BAD_MESSAGE if the message of a token is invalid
 */
export function checkDialect(name: string, given: unknown, end?: End): SocketDialect {
  if (typeof name !== 'string') throw optionError('name', 'a string', name);
  checkChoice('end', end, ['caller', 'listener']);
  const { request, reply, close, connection, opening, exchange } = optionsOf(name, given, DIALECT);
  checkFraming(`${name}.request`, request);
  checkFraming(`${name}.reply`, reply);
  checkChoice(`${name}.close`, close, ['fin', 'reset', 'peer']);
  checkChoice(`${name}.connection`, connection, ['message', 'persistent']);
  const answers = !reply.carriesNothing;
  const plan = exchange === undefined ? undefined : checkExchange(`${name}.exchange`, exchange, answers, end);
  if (plan && end === 'listener' && connection !== 'persistent') checkLast(`${name}.exchange`, plan);
  return {
    request,
    reply,
    ...(close !== undefined && { close: close as NonNullable<SocketDialect['close']> }),
    ...(connection !== undefined && { connection: connection as NonNullable<SocketDialect['connection']> }),
    ...(opening !== undefined && { opening: checkOpening(`${name}.opening`, opening, end) }),
    ...(plan && { exchange: plan }),
  };
}

/**
 * Checks that a listener which closes each connection after its reply has no token of the caller to read after that.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
function checkLast(name: string, plan: ExchangePlan): void {
  const last = plan.at(-1);
  if (typeof last !== 'object' || last.from !== 'caller') return;
  const expected = "connection: 'persistent', because else the last token of the caller would not be read";
  throw optionError(name, expected, plan);
}
