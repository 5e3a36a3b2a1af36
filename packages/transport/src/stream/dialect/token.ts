// What goes over a connection beside its requests and replies: a greeting, an acknowledgement. The contract, and how one is held
// against what came.

import { checkChoice, checkFunction, optionError, optionsOf, propertiesOf } from '../../errors/options.ts';
import { plain, quoted } from '../../errors/quoted.ts';
import { TransportError } from '../../errors/transport-error.ts';
import { fixedLength } from '../../framing/fixed-length.ts';
import type { FrameDecoder, Framing } from '../../framing/framing.ts';
import { checkMessage, joinMessage, type Message, messageBytes } from '../../framing/message.ts';

/** A greeting or an acknowledgement: sent by one end, and read and checked by the other before anything goes on. */
export interface Token {
  /** Who sends it. */
  readonly from: 'caller' | 'listener';
  /**
   * What is sent, asked for each time where it is a function. The other end checks that the same comes, unless it has a `check`
   * of its own. Only the end that reads it may leave it out.
   */
  readonly message?: Message | (() => Message);
  /** How it is framed. Default: exactly the bytes of `message`, with nothing around them. */
  readonly framing?: Framing;
  /** Holds what came against what it has to be, and throws where it is something else. Its argument is the message alone. */
  readonly check?: (message: Uint8Array) => void;
  /** Bytes of the largest one that is read. Default 65 536; a model that sends its weights first has more. */
  readonly maxBytes?: number;
}

/** The two ends. */
export type End = Token['from'];

const MAX_BYTES = 65_536;

const TOKEN: readonly string[] = ['from', 'message', 'framing', 'check', 'maxBytes'];

/**
 * A token as it was handed over, each of its parts asked for once.
 * @param end that uses it: it has to have what it sends, and to know how what it reads is framed. Either, where it is undefined
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
      throw optionError(`${name}.framing`, 'a framing, where there is no message of a known size', framing);
  } else checkFraming(`${name}.framing`, framing);
  // Each of its parts was looked at.
  return token as unknown as Token;
}

/**
 * Holds what was handed over as a framing against what one is.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function checkFraming(name: string, framing: unknown): asserts framing is Framing {
  if (typeof framing !== 'object' || framing === null) throw optionError(name, 'a framing', framing);
  const { encode, decoder } = propertiesOf(framing);
  checkFunction(`${name}.encode`, encode);
  checkFunction(`${name}.decoder`, decoder);
}

/** Its bytes on the wire. */
export function tokenBytes({ message, framing }: Token): Message {
  const parts = typeof message === 'function' ? message() : (message ?? []);
  checkMessage(parts);
  return framing ? framing.encode(parts) : parts;
}

/** A decoder for one that comes. */
export function tokenDecoder({ message, framing, maxBytes = MAX_BYTES }: Token): FrameDecoder {
  const own = framing ?? fixedLength({ bytes: messageBytes(message as Message) });
  return own.decoder({ maxMessageBytes: maxBytes });
}

/** @throws TransportError TRANSPORT_BAD_FRAME for another one than was expected; what a `check` throws */
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
