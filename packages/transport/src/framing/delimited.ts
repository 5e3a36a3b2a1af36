// Messages that end with certain bytes: lines of text, JSON lines.
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

/** Longer than any program's end of a message, and short enough that looking for it is cheap whatever comes. */
const MAX_END_BYTES = 64;
const NOTHING = new Uint8Array(0);

/**
 * Returns a framing of messages up to an end. A message that holds the end itself cannot be sent (TRANSPORT_BAD_MESSAGE). A message that
 * does not end within the limit is TRANSPORT_TOO_LARGE, and one that the stream ends before is TRANSPORT_TRUNCATED.
 * @param options.end one ASCII character or more, or any bytes: 1 to 64
 * @param options.keep whether the end is part of each message, which then has to end with it. Default false
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
      const why = keep ? 'has to end with its end, and to hold it nowhere else' : 'holds the end that is put behind it';
      throw new TransportError('TRANSPORT_BAD_MESSAGE', `a message of ${bytes} bytes ${why}`, { bytes, end });
    },
    decoder: (limits) => new DelimitedDecoder(end, keep, limits),
  };
}

function endBytes(end: unknown): Uint8Array {
  const ascii = typeof end === 'string' && [...end].every((character) => character < '\x80');
  const bytes = ascii ? asciiBytes(end) : isBytes(end) ? end.slice() : NOTHING;
  if (bytes.length >= 1 && bytes.length <= MAX_END_BYTES) return bytes;
  throw optionError('end', `ASCII text or a Uint8Array, of 1 to ${MAX_END_BYTES} bytes`, end);
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

/** Returns the first index of `wanted` in a message of several parts; -1 if there is none. It may begin in one part and end in another. */
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
    // `wanted` may begin in the last few bytes so far.
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
  /** The number of bytes that were searched. The end begins in none of them. */
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
      `the stream ended after ${received} bytes of a message without its end`,
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

  #advance(): Uint8Array | undefined {
    const { bytes } = this.#queue;
    const endBytes = this.#end.length;
    const at = indexIn(bytes, this.#end, this.#searched);
    this.#searched = at < 0 ? Math.max(0, bytes.length - endBytes + 1) : 0;
    // An end that has not been found yet begins behind the searched bytes, at the earliest.
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
      `a message has no end within the limit of ${maxMessageBytes} bytes`,
      {
        maxMessageBytes,
      },
    );
  }
}
