// A message: opaque bytes, held in parts that only the wire joins.

import { describeValue, isRevoked } from '../errors/describe-value.ts';
import { unreadable } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { isBytes, isGone } from './bytes.ts';

/** The bytes of one request or one reply, in order. */
export type Message = readonly Uint8Array[];

/**
 * The bytes of all parts together; a part whose memory is gone has none.
 * @throws TransportError TRANSPORT_BAD_MESSAGE
 */
export function messageBytes(message: Message): number {
  // It is asked for several times a message: the usual kinds are told in no time, and others get a closer look.
  try {
    if (Array.isArray(message) && message.every((part) => part instanceof Uint8Array)) return bytesOf(message);
  } catch {
    // A proxy, or what only looks like bytes.
  }
  checkParts(message);
  return bytesOf(message);
}

/** The same of what is known to be a message. */
export function bytesOf(message: Message): number {
  let bytes = 0;
  for (const part of message) bytes += part.length;
  return bytes;
}

/**
 * The parts as one: the only part itself where there is one, else fresh memory.
 * @throws TransportError TRANSPORT_BAD_MESSAGE
 */
export function joinMessage(message: Message): Uint8Array {
  checkMessage(message);
  const [only] = message;
  return message.length === 1 && only ? only : copyMessage(message);
}

/** The parts as one, in fresh memory of exactly its size. */
export function copyMessage(message: Message): Uint8Array {
  const joined = new Uint8Array(bytesOf(message));
  let at = 0;
  for (const part of message) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * Holds what was handed over as a message against what one is.
 * @throws TransportError TRANSPORT_BAD_MESSAGE for anything but a list of Uint8Arrays whose memory is there
 */
export function checkMessage(message: unknown): asserts message is Message {
  checkParts(message);
  for (let part = 0; part < message.length; part++) {
    const bytes = message[part];
    if (bytes && isGone(bytes)) throw lostPartError(part, undefined, 0);
  }
}

/** The same, whether their memory is there or not. */
function checkParts(message: unknown): asserts message is Message {
  try {
    lookAt(message);
  } catch (cause) {
    throw unreadable('a message', cause, 'TRANSPORT_BAD_MESSAGE');
  }
}

function lookAt(message: unknown): void {
  if (isRevoked(message) || !Array.isArray(message)) {
    const inAList = isBytes(message) ? ': put it into a list, [bytes]' : '';
    throw new TransportError(
      'TRANSPORT_BAD_MESSAGE',
      `a message is a list of Uint8Arrays, got ${describeValue(message)}${inAList}`,
      {
        actual: message,
      },
    );
  }
  for (let part = 0; part < message.length; part++) {
    const bytes: unknown = message[part];
    if (!isBytes(bytes)) {
      throw new TransportError(
        'TRANSPORT_BAD_MESSAGE',
        `part ${part} of a message must be a Uint8Array, got ${describeValue(bytes)}`,
        { part, actual: bytes },
      );
    }
  }
}

/** A part is not what it was, because its buffer was transferred or made smaller. */
export function lostPartError(part: number, expected: number | undefined, actual: number): TransportError {
  const size = expected === undefined ? '' : ` of ${expected} bytes`;
  return new TransportError(
    'TRANSPORT_BAD_MESSAGE',
    `part ${part}${size} of a message has lost its memory: its buffer was transferred or resized before it was sent`,
    { part, expected, actual },
  );
}
