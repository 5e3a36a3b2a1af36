// Tokens: greetings and acknowledgements that go over a connection between its requests and replies. The contract of a token, its checks as
// an option, and the check of a token that has arrived.

import { checkChoice, checkFunction, optionError, optionsOf, propertiesOf } from '../../errors/options.ts';
import { plain, quoted } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { decoderOf } from '../decoder-of.ts';
import { fixedLength } from '../fixed-length.ts';
import type { FrameDecoder, Framing } from '../framing.ts';
import { checkMessage, joinMessage, type Message, messageBytes } from '../message.ts';

/** A greeting or an acknowledgement: bytes that one end sends, and that the other end checks before it goes on. */
export interface Token {
  /** The end that sends it. */
  readonly from: 'caller' | 'listener';
  /**
   * The bytes of the token, or a function that returns them and is called each time. The end that reads the token checks that the same
   * bytes arrive, unless it has a `check`. Only the end that reads the token may leave this out.
   */
  readonly message?: Message | (() => Message);
  /** The token's framing. Default: none, so that exactly the bytes of `message` are sent and read. */
  readonly framing?: Framing;
  /** Throws if the token that has arrived is not the right one. The argument is its bytes without the framing. It must not be async. */
  readonly check?: (message: Uint8Array) => void;
  /** The most bytes of a token that is read. Default 65 536. A model that sends its weights as a token needs more. */
  readonly maxBytes?: number;
}

/** An end of a connection. */
export type End = Token['from'];

const MAX_BYTES = 65_536;

const TOKEN: readonly string[] = ['from', 'message', 'framing', 'check', 'maxBytes'];

/**
 * Checks a token of unknown type.
 * @param end the end that uses the token: for a token that it sends, `message` is needed; for one that it reads, `message` or `framing`.
 *   Undefined if either end may use the token
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
      reads ? 'the expected bytes, unless there is a `framing`' : 'the bytes to send',
      message,
    );
  }
  if (framing === undefined) {
    const bytes = Array.isArray(message) ? messageBytes(message) : 0;
    if (bytes === 0)
      throw optionError(`${name}.framing`, 'a framing, because the size of the message is not known', framing);
  } else checkFraming(`${name}.framing`, framing);
  // The cast: each part was checked above.
  return token as unknown as Token;
}

/**
 * Checks a framing of unknown type.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function checkFraming(name: string, framing: unknown): asserts framing is Framing {
  if (typeof framing !== 'object' || framing === null) throw optionError(name, 'a framing', framing);
  const { encode, decoder } = propertiesOf(framing);
  checkFunction(`${name}.encode`, encode);
  checkFunction(`${name}.decoder`, decoder);
}

/**
 * Returns the bytes to send for a token, framing included.
 * @throws TransportError TRANSPORT_BAD_MESSAGE if the user's functions return something else; what they throw
 */
export function tokenBytes({ message, framing }: Token): Message {
  const parts = typeof message === 'function' ? message() : (message ?? []);
  checkMessage(parts);
  if (!framing) return parts;
  const framed = framing.encode(parts);
  checkMessage(framed);
  return framed;
}

/** Returns the decoder that reads a token (a greeting or an acknowledgement) from the peer's bytes. */
export function tokenDecoder({ message, framing, maxBytes = MAX_BYTES }: Token): FrameDecoder {
  const own = framing ?? fixedLength({ bytes: messageBytes(message as Message) });
  return decoderOf(own, { maxMessageBytes: maxBytes });
}

/**
 * @throws TransportError TRANSPORT_BAD_FRAME if the token that has arrived is not the expected one, TRANSPORT_BAD_OPTION if `check` is async;
 *   what `check` throws
 */
export function checkArrived({ message, check }: Token, arrived: Uint8Array): void {
  if (check) {
    const result: unknown = check(arrived);
    if (typeof (result as PromiseLike<unknown> | null | undefined)?.then !== 'function') return;
    // A promise would come too late, and its rejection would be the only trace of a wrong token.
    Promise.resolve(result).catch(() => {});
    throw optionError('check', 'a function that is not async', check);
  }
  if (message === undefined) return;
  const expected = joinMessage(typeof message === 'function' ? message() : message);
  if (expected.length === arrived.length && expected.every((byte, i) => byte === arrived[i])) return;
  const [wanted, found] = [expected, arrived].map((bytes) => String.fromCharCode(...bytes.subarray(0, 64)));
  throw new TransportError('TRANSPORT_BAD_FRAME', `expected ${quoted(wanted ?? '')}, found ${quoted(found ?? '')}`, {
    expected: plain(wanted ?? ''),
    text: plain(found ?? ''),
  });
}
