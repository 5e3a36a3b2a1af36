// Tokens go over a connection beside its requests and replies: greetings, acknowledgements. The contract of a token, and the check of
// one that came.

import { checkChoice, checkFunction, optionError, optionsOf, propertiesOf } from '../../errors/options.ts';
import { plain, quoted } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { fixedLength } from '../fixed-length.ts';
import type { FrameDecoder, Framing } from '../framing.ts';
import { checkMessage, joinMessage, type Message, messageBytes } from '../message.ts';

/** A greeting or an acknowledgement: sent by one end, and read and checked by the other before anything goes on. */
export interface Token {
  /** The end that sends it. */
  readonly from: 'caller' | 'listener';
  /**
   * The bytes that are sent; a function is called each time. The other end checks that the same bytes come, unless it has a `check`
   * of its own. Only the end that reads the token may leave them out.
   */
  readonly message?: Message | (() => Message);
  /** The token's framing. Default: exactly the bytes of `message`, with nothing around them. */
  readonly framing?: Framing;
  /** Throws if the token that came is not the right one. The argument is the message without its framing. */
  readonly check?: (message: Uint8Array) => void;
  /** The most bytes of a token that is read. Default 65 536. A model that sends its weights first needs more. */
  readonly maxBytes?: number;
}

/** The two ends. */
export type End = Token['from'];

const MAX_BYTES = 65_536;

const TOKEN: readonly string[] = ['from', 'message', 'framing', 'check', 'maxBytes'];

/**
 * Checks a value that was handed over as a token.
 * @param end the end that uses it, which has to have the bytes that it sends and the framing of those that it reads; undefined if it may be
 *   either
 * @throws TransportError TRANSPORT_BAD_OPTION, TRANSPORT_BAD_MESSAGE
 */
export function checkToken(name: string, given: unknown, end?: End): Token {
  const token = optionsOf(name, given, TOKEN);
  const { from, message, framing, check, maxBytes } = token;
  if (from === undefined) throw optionError(`${name}.from`, "'caller' or 'listener'", from);
  checkChoice(`${name}.from`, from, ['caller', 'listener']);
  checkFunction(`${name}.check`, check, 'optional');
  if (maxBytes !== undefined && !(typeof maxBytes === 'number' && maxBytes >= 0)) {
    throw optionError(`${name}.maxBytes`, 'a number from 0 on', maxBytes);
  }
  if (message !== undefined && typeof message !== 'function') checkMessage(message);
  if (message === undefined && (framing === undefined || from === end)) {
    const reads = end !== undefined && from !== end;
    throw optionError(
      `${name}.message`,
      reads ? 'what is expected, or left out beside a `framing`' : 'what is sent',
      message,
    );
  }
  if (framing === undefined) {
    const bytes = Array.isArray(message) ? messageBytes(message) : 0;
    if (bytes === 0)
      throw optionError(`${name}.framing`, 'a framing, because there is no message of a known size', framing);
  } else checkFraming(`${name}.framing`, framing);
  // The cast: each part was checked above.
  return token as unknown as Token;
}

/**
 * Checks a value that was handed over as a framing.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function checkFraming(name: string, framing: unknown): asserts framing is Framing {
  if (typeof framing !== 'object' || framing === null) throw optionError(name, 'a framing', framing);
  const { encode, decoder } = propertiesOf(framing);
  checkFunction(`${name}.encode`, encode);
  checkFunction(`${name}.decoder`, decoder);
}

/** Returns the bytes of a token on the wire. */
export function tokenBytes({ message, framing }: Token): Message {
  const parts = typeof message === 'function' ? message() : (message ?? []);
  checkMessage(parts);
  return framing ? framing.encode(parts) : parts;
}

/** Returns a decoder for a token that comes. */
export function tokenDecoder({ message, framing, maxBytes = MAX_BYTES }: Token): FrameDecoder {
  const own = framing ?? fixedLength({ bytes: messageBytes(message as Message) });
  return own.decoder({ maxMessageBytes: maxBytes });
}

/** @throws TransportError TRANSPORT_BAD_FRAME for another token than the expected one; what a `check` throws */
export function checkCame({ message, check }: Token, came: Uint8Array): void {
  if (check) {
    check(came);
    return;
  }
  if (message === undefined) return;
  const expected = joinMessage(typeof message === 'function' ? message() : message);
  if (expected.length === came.length && expected.every((byte, i) => byte === came[i])) return;
  const [wanted, found] = [expected, came].map((bytes) => String.fromCharCode(...bytes.subarray(0, 64)));
  throw new TransportError('TRANSPORT_BAD_FRAME', `expected ${quoted(wanted ?? '')}, found ${quoted(found ?? '')}`, {
    expected: plain(wanted ?? ''),
    text: plain(found ?? ''),
  });
}
