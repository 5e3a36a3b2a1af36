// Puts a message together from chunks, for every framing that tells a message's length by its first bytes.
//   | head: `skip` bytes that frame it | body: `length` bytes |
// The head is read into a small buffer. The body, except for the first part of a large one, is read into memory of exactly its size, so
// bytes that a socket writes into `space()` are moved no further. The system gives that memory page by page as it is written, but the
// engine collects its whole heap for each gibibyte that is asked for. So a length that lies gets a mebibyte, or eight if the message was
// asked for. Bytes of a chunk beyond its first message wait behind the head, and are read from there where they lie.

import { describeValue } from '../errors/describe-value.ts';
import { checkFunction } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { ByteQueue } from './byte-queue.ts';
import { checkChunk, checkFilled } from './chunk.ts';
import type { FrameDecoder } from './framing.ts';
import { type FrameLimits, resolveFrameLimits } from './limits.ts';

/** The place of a message: behind `skip` bytes of framing, `length` bytes long. */
export interface Frame {
  readonly skip: number;
  readonly length: number;
}

/**
 * Finds the frame that begins a stream. There may be more bytes than it needs.
 * @returns undefined while more bytes are needed
 * @throws for bytes that begin no frame
 */
export type Measure = (head: Uint8Array) => Frame | undefined;

const NOTHING = new Uint8Array(0);
/** The most bytes of a head, whatever the limit. */
const HEAD_BYTES = 4096;
/** The memory that a body gets at its beginning, however little of it has come. It is small, because anybody may send bytes. */
const PUSHED_BYTES = 2 ** 20;
/** The memory that a body gets at its beginning if a reader asked for memory (`space`), and so for the message: enough for a 1080p frame. */
const LENT_BYTES = 2 ** 23;
/** Beyond that, memory for at most so many times what has come. The first part of a larger body is moved once. */
const GROWTH = 128;
/** A body larger than this gets all of its memory at its beginning, and is refused there if the machine has not so much. */
const MOST_GROWN_BYTES = 2 ** 32;

/** The decoder of every framing in which the first bytes tell the length. */
export class FrameAssembler implements FrameDecoder {
  readonly #measure: Measure;
  readonly #maxMessageBytes: number;
  readonly #head = new ByteQueue();
  /** Memory for the body, or for the first part of it. */
  #body: Uint8Array | undefined;
  #length = 0;
  /** Bytes in front of the body that its frame took. */
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
        ? `the stream ended inside a frame's head, after ${this.#head.length} bytes`
        : `the stream ended after ${this.#bodyBytes} of a message's ${expected} bytes`,
      { received: this.#body ? this.#bodyBytes : this.#head.length, expected },
    );
  }

  rest(): Uint8Array {
    return this.#head.rest();
  }

  #advance(firstBytes: number): Uint8Array | undefined {
    if (!this.#body) this.#head.drop(this.#begin(this.#head.bytes, firstBytes));
    return this.#ended();
  }

  /** Returns the body once it is whole. */
  #ended(): Uint8Array | undefined {
    const body = this.#body;
    if (!body || this.#bodyBytes < this.#length) return undefined;
    this.#body = undefined;
    this.#bodyBytes = 0;
    this.#skipped = 0;
    return body;
  }

  /**
   * Begins a frame with the bytes of a chunk, which are copied to the body alone: a small message that comes whole needs no memory but its
   * own. Returns how many bytes the frame took.
   */
  #beginFrom(chunk: Uint8Array): number {
    try {
      return this.#begin(chunk, PUSHED_BYTES);
    } catch (error) {
      this.#head.push(chunk);
      throw error;
    }
  }

  /** Measures the bytes that wait and, if they tell a frame, begins its body. Returns how many of them the frame took. */
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
    const body = this.#memory(roomFor(frame.length, here.length, firstBytes));
    body.set(here);
    this.#body = body;
    this.#skipped = frame.skip;
    this.#bodyBytes = here.length;
    return frame.skip + here.length;
  }

  /** Returns the error for a head that is longer than a message may be and does not say where the message ends. */
  #endless(bytes: number): TransportError {
    return new TransportError(
      'TRANSPORT_TOO_LARGE',
      `${bytes} bytes came and do not say where their message ends: the limit is ${this.#maxMessageBytes}, limits.maxMessageBytes`,
      { bytes, maxMessageBytes: this.#maxMessageBytes },
    );
  }

  /** The body's memory, with room for so many more bytes. */
  #reserve(body: Uint8Array, bytes: number, firstBytes: number): Uint8Array {
    const needed = this.#bodyBytes + bytes;
    if (needed <= body.length) return body;
    const larger = this.#memory(roomFor(this.#length, needed, firstBytes));
    larger.set(body.subarray(0, this.#bodyBytes));
    this.#body = larger;
    return larger;
  }

  #check(bytes: number): void {
    if (bytes <= this.#maxMessageBytes && Number.isSafeInteger(bytes)) return;
    throw new TransportError(
      'TRANSPORT_TOO_LARGE',
      `a message of ${bytes} bytes is larger than the limit of ${Math.min(this.#maxMessageBytes, Number.MAX_SAFE_INTEGER)}, limits.maxMessageBytes`,
      { bytes, maxMessageBytes: this.#maxMessageBytes },
    );
  }

  /** @throws TransportError TRANSPORT_TOO_LARGE where the machine has no memory for the body */
  #memory(room: number): Uint8Array {
    try {
      return new Uint8Array(room);
    } catch (cause) {
      const bytes = this.#length;
      const detail = { bytes, maxMessageBytes: this.#maxMessageBytes };
      throw new TransportError('TRANSPORT_TOO_LARGE', `there is no memory for a message of ${bytes} bytes`, detail, {
        cause,
      });
    }
  }
}

/** Bytes of memory for a body of `length` bytes, of which `received` came: the whole, or its 128th part, or the 128th part of that, and so on. */
function roomFor(length: number, received: number, firstBytes: number): number {
  let room = length;
  while (length <= MOST_GROWN_BYTES && room > firstBytes && room > GROWTH * received) room = Math.ceil(room / GROWTH);
  return room;
}

/** A measure is the framing's own program: one that errs is the caller's fault, and must not run in a circle. */
function checkFrame({ skip, length }: Frame): void {
  if (Number.isSafeInteger(skip) && typeof length === 'number' && skip >= 0 && length >= 0 && skip + length > 0) return;
  throw new TransportError(
    'TRANSPORT_BAD_FRAME',
    `a measure answered { skip: ${describeValue(skip)}, length: ${describeValue(length)} }: expected whole numbers from 0, one of them above 0`,
    { skip, length },
    { fault: 'caller' },
  );
}
