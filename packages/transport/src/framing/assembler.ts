// Assembles a message from chunks, for every framing in which a message's first bytes tell its length.
//   | head: the framing's `skip` bytes | body: the message's `length` bytes |
// The head is read into a small buffer, and the body into memory of exactly its size, so that bytes that a socket writes into `space()` are
// not copied again. Only the first part of a large body is copied once: a peer may declare a large length and send nothing, and memory is
// not free even before it is written, because the engine collects its whole heap for each gibibyte that is allocated. So a body first gets
// a mebibyte, or eight if the decoder reads into `space()`, and more as its bytes arrive. Bytes of a chunk after its first message wait in
// the head's buffer.

import { describeValue } from '../errors/describe-value.ts';
import { checkFunction } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { allocate } from './allocate.ts';
import { ByteQueue } from './byte-queue.ts';
import { checkChunk, checkFilled } from './chunk.ts';
import type { FrameDecoder } from './framing.ts';
import { type FrameLimits, resolveFrameLimits } from './limits.ts';

/** The place of a message in a stream: after `skip` bytes of framing, and `length` bytes long. */
export interface Frame {
  readonly skip: number;
  readonly length: number;
}

/**
 * Returns the place of the first message, from the first bytes of a stream. There may be more bytes than the function needs.
 * @returns undefined while more bytes are needed
 * @throws if the bytes are not the beginning of a frame
 */
export type Measure = (head: Uint8Array) => Frame | undefined;

const NOTHING = new Uint8Array(0);
/** The most bytes of a head, if the limit of a message is not larger. */
const HEAD_BYTES = 4096;
/**
 * The first memory of a body if chunks are pushed, however few bytes have arrived. It is small, because any caller may send such a length.
 */
const PUSHED_BYTES = 2 ** 20;
/** The first memory of a body that is read into `space()`, as replies are, which this program has asked for: enough for a 1080p frame. */
const LENT_BYTES = 2 ** 23;
/** After that, a body has memory for at most this many times the bytes that have arrived. */
const GROWTH = 128;
/** A body larger than this gets all of its memory at once, and is rejected if the machine does not have it. */
const MOST_GROWN_BYTES = 2 ** 32;

/** The decoder of every framing in which a message's first bytes tell its length. */
export class FrameAssembler implements FrameDecoder {
  readonly #measure: Measure;
  readonly #maxMessageBytes: number;
  readonly #head = new ByteQueue();
  /** Memory for the body, or for its first part. Undefined until the length is known. */
  #body: Uint8Array | undefined;
  #length = 0;
  /** The bytes of framing before the body. */
  #skipped = 0;
  #bodyBytes = 0;

  /** @throws TransportError TRANSPORT_BAD_OPTION */
  constructor(measure: Measure, limits?: Partial<FrameLimits>) {
    checkFunction('measure', measure);
    this.#measure = measure;
    this.#maxMessageBytes = resolveFrameLimits(limits).maxMessageBytes;
  }

  get wholeBytes(): number | undefined {
    return this.#body && this.#skipped + this.#length;
  }

  get pendingBytes(): number {
    return this.#head.length + this.#skipped + this.#bodyBytes;
  }

  push(chunk: Uint8Array = NOTHING): Uint8Array | undefined {
    checkChunk(chunk);
    let rest = chunk;
    if (!this.#body && this.#head.length === 0) {
      this.#head.push(rest.subarray(this.#beginFrom(rest)));
      return this.#ended();
    }
    if (this.#body) {
      const taken = Math.min(rest.length, this.#length - this.#bodyBytes);
      this.#reserve(this.#body, taken, PUSHED_BYTES).set(rest.subarray(0, taken), this.#bodyBytes);
      this.#bodyBytes += taken;
      rest = rest.subarray(taken);
    }
    this.#head.push(rest);
    return this.#advance(PUSHED_BYTES);
  }

  space(): Uint8Array {
    if (this.#body) return this.#reserve(this.#body, 1, LENT_BYTES).subarray(this.#bodyBytes);
    return this.#head.space();
  }

  filled(bytes: number): Uint8Array | undefined {
    checkFilled(bytes, this.#body ? this.#body.length - this.#bodyBytes : this.#head.room);
    if (this.#body) this.#bodyBytes += bytes;
    else this.#head.filled(bytes);
    return this.#advance(LENT_BYTES);
  }

  end(): undefined {
    if (this.pendingBytes === 0) return;
    const expected = this.#body && this.#length;
    throw new TransportError(
      'TRANSPORT_TRUNCATED',
      expected === undefined
        ? `the stream ended after ${this.#head.length} bytes, before the length of a message was known`
        : `the stream ended after ${this.#bodyBytes} of a message's ${expected} bytes`,
      { received: this.#body ? this.#bodyBytes : this.#head.length, expected },
    );
  }

  rest(): Uint8Array {
    return this.#head.rest();
  }

  /** Reads the head, if the length is not known yet. Returns the body if it is whole. */
  #advance(firstBytes: number): Uint8Array | undefined {
    if (!this.#body) this.#head.drop(this.#begin(this.#head.bytes, firstBytes));
    return this.#ended();
  }

  /** Returns the body if it is whole. */
  #ended(): Uint8Array | undefined {
    const body = this.#body;
    if (!body || this.#bodyBytes < this.#length) return undefined;
    this.#body = undefined;
    this.#bodyBytes = 0;
    this.#skipped = 0;
    return body;
  }

  /**
   * Begins a message with the bytes of a chunk, which are copied only to the body: a small message that arrives whole needs no other
   * memory. Returns the number of bytes that belong to the message.
   */
  #beginFrom(chunk: Uint8Array): number {
    try {
      return this.#begin(chunk, PUSHED_BYTES);
    } catch (error) {
      this.#head.push(chunk);
      throw error;
    }
  }

  /** Calls `measure` with the bytes that wait and, if the length is known, begins the body. Returns the number of bytes used. */
  #begin(waiting: Uint8Array, firstBytes: number): number {
    if (waiting.length === 0) return 0;
    const frame = this.#measure(waiting);
    if (!frame) {
      if (waiting.length > Math.max(HEAD_BYTES, this.#maxMessageBytes)) throw this.#endless(waiting.length);
      return 0;
    }
    checkFrame(frame);
    if (waiting.length < frame.skip) return 0;
    this.#check(frame.length);
    const here = waiting.subarray(frame.skip, frame.skip + frame.length);
    this.#length = frame.length;
    const body = allocate(roomFor(frame.length, here.length, firstBytes), frame.length, this.#maxMessageBytes);
    body.set(here);
    this.#body = body;
    this.#skipped = frame.skip;
    this.#bodyBytes = here.length;
    return frame.skip + here.length;
  }

  /** Returns the error for a head that is longer than a message may be and still does not tell the message's length. */
  #endless(bytes: number): TransportError {
    return new TransportError(
      'TRANSPORT_TOO_LARGE',
      `${bytes} bytes have arrived and do not tell the length of their message: the limit is ${this.#maxMessageBytes}, limits.maxMessageBytes`,
      { bytes, maxMessageBytes: this.#maxMessageBytes },
    );
  }

  /** Returns the body's memory, which is made larger if it does not have room for `bytes` more bytes. */
  #reserve(body: Uint8Array, bytes: number, firstBytes: number): Uint8Array {
    const needed = this.#bodyBytes + bytes;
    if (needed <= body.length) return body;
    const larger = allocate(roomFor(this.#length, needed, firstBytes), this.#length, this.#maxMessageBytes);
    larger.set(body.subarray(0, this.#bodyBytes));
    this.#body = larger;
    return larger;
  }

  /** @throws TransportError TRANSPORT_TOO_LARGE if a length exceeds the limit */
  #check(bytes: number): void {
    if (bytes <= this.#maxMessageBytes && Number.isSafeInteger(bytes)) return;
    throw new TransportError(
      'TRANSPORT_TOO_LARGE',
      `a message of ${bytes} bytes is larger than the limit of ${Math.min(this.#maxMessageBytes, Number.MAX_SAFE_INTEGER)}, limits.maxMessageBytes`,
      { bytes, maxMessageBytes: this.#maxMessageBytes },
    );
  }
}

/**
 * Returns the bytes of memory for a body of which `received` bytes have arrived: its whole length, divided by GROWTH until it is at most
 * `firstBytes`, or GROWTH times `received`.
 */
function roomFor(length: number, received: number, firstBytes: number): number {
  let room = length;
  while (length <= MOST_GROWN_BYTES && room > firstBytes && room > GROWTH * received) room = Math.ceil(room / GROWTH);
  return room;
}

/**
 * Checks a frame that a `measure` function returned. A frame of no bytes would make the decoder loop for ever.
 * @throws TransportError TRANSPORT_BAD_FRAME
 */
function checkFrame({ skip, length }: Frame): void {
  if (Number.isSafeInteger(skip) && typeof length === 'number' && skip >= 0 && length >= 0 && skip + length > 0) return;
  throw new TransportError(
    'TRANSPORT_BAD_FRAME',
    `a measure function returned { skip: ${describeValue(skip)}, length: ${describeValue(length)} }: expected whole numbers from 0, one of them above 0`,
    { skip, length },
    { fault: 'caller' },
  );
}
