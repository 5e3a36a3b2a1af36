// The dialect of a peer on a stream: the framing of each direction, the tokens beside messages, and the end of a connection.
import { checkChoice, optionError, optionsOf } from '../../errors/options.ts';
import type { Framing } from '../framing.ts';
import { checkExchange, checkOpening, type ExchangePlan } from './conversation.ts';
import { checkFraming, type End, type Token } from './token.ts';

/** The dialect that an existing program speaks on a stream. */
export interface SocketDialect {
  readonly request: Framing;
  readonly reply: Framing;
  /**
   * The way in which the calling side ends a connection once it has its reply. `fin` (default) closes it in the usual way;
   * `reset` leaves no TIME_WAIT behind, for peers that take one connection for each message and do not close it; `peer` lets
   * the peer close first, for peers that do. On a Unix socket, which has neither, `reset` is `fin`.
   */
  readonly close?: 'fin' | 'reset' | 'peer';
  /** `message` (default): a connection for each message. `persistent`: a connection is kept for the messages to come. */
  readonly connection?: 'message' | 'persistent';
  /**
   * The tokens that go over each new connection before its first message, in order: greetings, weights. Each end waits for the
   * other's tokens, and checks them, before it goes on. Default: none.
   */
  readonly opening?: readonly Token[];
  /**
   * The messages and tokens of each exchange, in order, if there are more than a request and its reply: acknowledgements. Between
   * the two only the listener speaks.
   *
   * @example
   * exchange: ['request', { from: 'listener', message: [ok] }, 'reply', { from: 'caller', message: [ok] }]
   */
  readonly exchange?: ExchangePlan;
}

/** The names of a dialect's parts. Dialects of @bridge/bridge have further parts, which are not of the stream. */
const DIALECT: readonly string[] = ['request', 'reply', 'close', 'connection', 'opening', 'exchange', 'name', 'codec'];

/**
 * Checks a value that was handed over as a dialect, for packages that take dialects and hand them on.
 * @param name the dialect's name in errors
 * @param end the end that uses it, which has to have the tokens that it sends; undefined if it may be either
 * @returns the dialect as a plain object
 * @throws TransportError TRANSPORT_BAD_OPTION; TRANSPORT_BAD_MESSAGE for a token whose message is invalid
 */
export function checkDialect(name: string, given: unknown, end?: End): SocketDialect {
  if (typeof name !== 'string') throw optionError('name', 'text', name);
  checkChoice('end', end, ['caller', 'listener']);
  const { request, reply, close, connection, opening, exchange } = optionsOf(name, given, DIALECT);
  checkFraming(`${name}.request`, request);
  checkFraming(`${name}.reply`, reply);
  checkChoice(`${name}.close`, close, ['fin', 'reset', 'peer']);
  checkChoice(`${name}.connection`, connection, ['message', 'persistent']);
  const answers = !reply.carriesNothing;
  return {
    request,
    reply,
    ...(close !== undefined && { close: close as NonNullable<SocketDialect['close']> }),
    ...(connection !== undefined && { connection: connection as NonNullable<SocketDialect['connection']> }),
    ...(opening !== undefined && { opening: checkOpening(`${name}.opening`, opening, end) }),
    ...(exchange !== undefined && { exchange: checkExchange(`${name}.exchange`, exchange, answers, end) }),
  };
}
