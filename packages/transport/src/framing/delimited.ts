// The framing `delimited`: a delimiter, which is a fixed sequence of bytes, is at the end of each message. Lines of text, JSON lines:
//   {"boxes":[]} 0a | {"boxes":[[1,2]]} 0a

import { optionError, optionsOf } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { ByteQueue } from './byte-queue.ts';
import { isBytes } from './bytes.ts';
import { checkChunk, checkFilled } from './chunk.ts';
import { asciiBytes } from './decimal.ts';
import type { FrameDecoder, Framing } from './framing.ts';
import { type FrameLimits, resolveFrameLimits } from './limits.ts';
import { type Message, messageBytes } from './message.ts';

/** The most bytes of a delimiter: more than any program uses, and few enough that the search for it is cheap in any input. */
const MAX_END_BYTES = 64;
const NOTHING = new Uint8Array(0);

/**
 * Returns a framing in which each message ends with a delimiter. A message that contains the delimiter cannot be sent
 * (TRANSPORT_BAD_MESSAGE). A decoder throws TRANSPORT_TOO_LARGE if there is no delimiter within the limit, and TRANSPORT_TRUNCATED if the
 * stream ends before it.
 * @param options.end the delimiter: an ASCII string, or bytes, of 1 to 64 bytes
 * @param options.keep true if the delimiter is a part of each message, which then has to end with it. Default false
 * @throws TransportError TRANSPORT_BAD_OPTION
 * @example
 * const jsonLines = delimited({ end: '\n' });
 * jsonLines.encode([new TextEncoder().encode(JSON.stringify({ boxes: [] }))]);
 */
export function delimited(options: { readonly end: string | Uint8Array; readonly keep?: boolean }): Framing {
  const { end: given, keep = false } = optionsOf('options', options, ['end', 'keep']);
  const end = endBytes(given);
  if (typeof keep !== 'boolean') throw optionError('keep', 'true or false', keep);
  return {
    encode(message) {
      const bytes = messageBytes(message);
      const wire = keep ? message : [...message, end];
      const at = keep ? bytes - end.length : bytes;
      if (at >= 0 && firstIndex(wire, end) === at) return wire;
      const why = keep ? 'must end with the delimiter, and have it nowhere else' : 'must not contain the delimiter';
      throw new TransportError('TRANSPORT_BAD_MESSAGE', `a message of ${bytes} bytes ${why}`, { bytes, end });
    },
    decoder: (limits) => new DelimitedDecoder(end, keep, limits),
  };
}

function endBytes(end: unknown): Uint8Array {
  const ascii = typeof end === 'string' && [...end].every((character) => character < '\x80');
  const bytes = ascii ? asciiBytes(end) : isBytes(end) ? end.slice() : NOTHING;
  if (bytes.length >= 1 && bytes.length <= MAX_END_BYTES) return bytes;
  throw optionError('end', `an ASCII string or a Uint8Array, of 1 to ${MAX_END_BYTES} bytes`, end);
}

/** Returns the first index of `wanted` in `bytes`, from `from` on; -1 if there is none. */
function indexIn(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const [first = 0] = wanted;
  const last = bytes.length - wanted.length;
  for (let at = bytes.indexOf(first, from); at >= 0 && at <= last; at = bytes.indexOf(first, at + 1)) {
    let same = 1;
    while (same < wanted.length && bytes[at + same] === wanted[same]) same++;
    if (same === wanted.length) return at;
  }
  return -1;
}

/**
 * Returns the first index of `wanted` in a message; -1 if there is none. `wanted` may begin in one part of the message and end in another.
 */
function firstIndex(parts: Message, wanted: Uint8Array): number {
  const seam = new ByteQueue();
  let before = 0;
  for (const part of parts) {
    const kept = seam.length;
    seam.push(part.subarray(0, wanted.length - 1));
    const across = indexIn(seam.bytes, wanted, 0);
    if (across >= 0) return before - kept + across;
    const inside = indexIn(part, wanted, 0);
    if (inside >= 0) return before + inside;
    // `wanted` may begin in the last few bytes of this part.
    if (part.length >= wanted.length) {
      seam.rest();
      seam.push(part.subarray(part.length - wanted.length + 1));
    } else seam.drop(Math.max(0, seam.length - wanted.length + 1));
    before += part.length;
  }
  return -1;
}

class DelimitedDecoder implements FrameDecoder {
  readonly #end: Uint8Array;
  readonly #keep: boolean;
  readonly #maxMessageBytes: number;
  readonly #queue = new ByteQueue();
  /** The number of bytes in which the delimiter does not begin, so that they are not searched again. */
  #searched = 0;

  constructor(end: Uint8Array, keep: boolean, limits?: Partial<FrameLimits>) {
    this.#end = end;
    this.#keep = keep;
    this.#maxMessageBytes = resolveFrameLimits(limits).maxMessageBytes;
  }

  get pendingBytes(): number {
    return this.#queue.length;
  }

  push(chunk: Uint8Array = NOTHING): Uint8Array | undefined {
    checkChunk(chunk);
    this.#queue.push(chunk);
    return this.#advance();
  }

  space(): Uint8Array {
    return this.#queue.space();
  }

  filled(bytes: number): Uint8Array | undefined {
    checkFilled(bytes, this.#queue.room);
    this.#queue.filled(bytes);
    return this.#advance();
  }

  end(): undefined {
    const received = this.#queue.length;
    if (received === 0) return;
    throw new TransportError(
      'TRANSPORT_TRUNCATED',
      `the stream ended after ${received} bytes of a message, before its delimiter`,
      {
        received,
        expected: undefined,
      },
    );
  }

  rest(): Uint8Array {
    this.#searched = 0;
    return this.#queue.rest();
  }

  /** Returns the next message, if it is whole. */
  #advance(): Uint8Array | undefined {
    const { bytes } = this.#queue;
    const endBytes = this.#end.length;
    const at = indexIn(bytes, this.#end, this.#searched);
    this.#searched = at < 0 ? Math.max(0, bytes.length - endBytes + 1) : 0;
    // A delimiter that was not found yet begins after the searched bytes, at the earliest.
    const least = (at < 0 ? this.#searched : at) + (this.#keep ? endBytes : 0);
    if (least > this.#maxMessageBytes && (at >= 0 || bytes.length >= endBytes)) throw this.#tooLarge();
    if (at < 0) return undefined;
    const message = bytes.slice(0, this.#keep ? at + endBytes : at);
    this.#queue.drop(at + endBytes);
    return message;
  }

  #tooLarge(): TransportError {
    const maxMessageBytes = this.#maxMessageBytes;
    return new TransportError(
      'TRANSPORT_TOO_LARGE',
      `a message has no delimiter within the limit of ${maxMessageBytes} bytes, limits.maxMessageBytes`,
      {
        maxMessageBytes,
      },
    );
  }
}
