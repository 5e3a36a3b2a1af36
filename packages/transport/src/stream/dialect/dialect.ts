// What a peer speaks on a stream: how each direction is framed, what goes besides, and how a connection ends.
import { checkChoice, optionError, optionsOf } from '../../errors/options.ts';
import type { Framing } from '../../framing/framing.ts';
import { checkExchange, checkOpening, type ExchangePlan } from './conversation.ts';
import { checkFraming, type End, type Token } from './token.ts';

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

/** What a dialect has; those of @bridge/bridge have a name besides, and a codec. */
const DIALECT: readonly string[] = ['request', 'reply', 'close', 'connection', 'opening', 'exchange', 'name', 'codec'];

/**
 * Holds what was handed over as a dialect against what one is. For who takes dialects and hands them on.
 * @param name what it is called in errors
 * @param end whose it is: it has to have what that end sends besides messages. Either, where it is undefined
 * @returns the same as a plain object, each of its parts asked for once
 * @throws TransportError TRANSPORT_BAD_OPTION; TRANSPORT_BAD_MESSAGE for what is to be sent besides, and is no message
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
