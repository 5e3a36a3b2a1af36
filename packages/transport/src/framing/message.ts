// Messages: opaque bytes, in one part or several that are sent one after the other without being joined.

import { describeValue } from '../errors/describe-value.ts';
import { TransportError } from '../errors/transport-error.ts';
import { isBytes, isDetached } from './bytes.ts';

/** The bytes of one request or one reply, in order. */
export type Message = readonly Uint8Array[];

/**
 * Returns the number of bytes of all parts together. A part whose memory was transferred counts as 0 bytes.
 * @throws TransportError TRANSPORT_BAD_MESSAGE
 */
export function messageBytes(message: Message): number {
  if (!Array.isArray(message)) checkParts(message);
  let bytes = 0;
  for (const part of message) {
    // This function is called several times for each message. So parts of the usual kind pass a quick check, and only others the slow one.
    if (!(part instanceof Uint8Array)) checkParts(message);
    bytes += part.length;
  }
  return bytes;
}

/** Returns the number of bytes of all parts of a message that was checked. */
export function bytesOf(message: Message): number {
  let bytes = 0;
  for (const part of message) bytes += part.length;
  return bytes;
}

/**
 * Returns the message as one Uint8Array: its only part itself, or a copy if there are several parts.
 * @throws TransportError TRANSPORT_BAD_MESSAGE
 */
export function joinMessage(message: Message): Uint8Array {
  checkMessage(message);
  const [only] = message;
  return message.length === 1 && only ? only : copyMessage(message);
}

/** Returns a copy of the message as one Uint8Array, in memory of exactly its size. */
export function copyMessage(message: Message): Uint8Array {
  const joined = new Uint8Array(bytesOf(message));
  let offset = 0;
  for (const part of message) {
    joined.set(part, offset);
    offset += part.length;
  }
  return joined;
}

/** @throws TransportError TRANSPORT_BAD_MESSAGE if a value is not a list of Uint8Arrays, or the memory of one was transferred or resized */
export function checkMessage(message: unknown): asserts message is Message {
  checkParts(message);
  for (let part = 0; part < message.length; part++) {
    const bytes = message[part];
    if (bytes && isDetached(bytes)) throw lostPartError(part, undefined, 0);
  }
}

/** @throws TransportError TRANSPORT_BAD_MESSAGE if a value is not a list of Uint8Arrays. Does not check that their memory still exists. */
function checkParts(message: unknown): asserts message is Message {
  if (!Array.isArray(message)) {
    const inAList = isBytes(message) ? ': put it into a list, [bytes]' : '';
    throw new TransportError(
      'TRANSPORT_BAD_MESSAGE',
      `a message must be a list of Uint8Arrays, got ${describeValue(message)}${inAList}`,
      { actual: message },
    );
  }
  for (let part = 0; part < message.length; part++) {
    const bytes: unknown = message[part];
    if (isBytes(bytes)) continue;
    throw new TransportError(
      'TRANSPORT_BAD_MESSAGE',
      `part ${part} of a message must be a Uint8Array, got ${describeValue(bytes)}`,
      { part, actual: bytes },
    );
  }
}

/** Returns the error for a part whose memory is gone, because its buffer was transferred or made smaller. */
export function lostPartError(part: number, expected: number | undefined, actual: number): TransportError {
  const size = expected === undefined ? '' : ` of ${expected} bytes`;
  return new TransportError(
    'TRANSPORT_BAD_MESSAGE',
    `part ${part}${size} of a message has lost its memory: its buffer was transferred or resized before it was sent`,
    { part, expected, actual },
  );
}
