// Puts a message together from chunks, once somebody can tell its length from its first bytes.
//   | head: `skip` bytes that frame it | body: `length` bytes |
// The head is read into a small buffer; the body into memory of exactly its size, so that what a socket writes into
// `space()` is moved no further. The system gives that memory page by page as it is written: a length that lies
// takes addresses, not memory.
import { TransportError } from '../errors.ts';
import { defaultFrameLimits, type FrameDecoder, type FrameLimits } from './framing.ts';

/** Where the message lies: behind `skip` bytes of framing, `length` bytes long. */
export interface Frame {
  readonly skip: number;
  readonly length: number;
}

/**
 * Tells a frame from the first bytes of a stream.
 * @returns undefined while more bytes are needed
 * @throws on bytes that begin no frame
 */
export type Measure = (head: Uint8Array) => Frame | undefined;

const NOTHING = new Uint8Array(0);
const HEAD_BYTES = 4096;

/** A decoder for every framing in which the first bytes tell the length. */
export class FrameAssembler implements FrameDecoder {
  readonly #measure: Measure;
  readonly #maxMessageBytes: number;
  #head = NOTHING;
  #headBytes = 0;
  #body: Uint8Array | undefined;
  /** Bytes in front of the body that its frame took. */
  #skipped = 0;
  #bodyBytes = 0;

  constructor(measure: Measure, limits?: Partial<FrameLimits>) {
    this.#measure = measure;
    this.#maxMessageBytes = limits?.maxMessageBytes ?? defaultFrameLimits.maxMessageBytes;
  }

  get pendingBytes(): number {
    return this.#headBytes + this.#skipped + this.#bodyBytes;
  }

  push(chunk: Uint8Array = NOTHING): Uint8Array | undefined {
    let rest = chunk;
    if (this.#body) {
      const taken = Math.min(rest.length, this.#body.length - this.#bodyBytes);
      this.#body.set(rest.subarray(0, taken), this.#bodyBytes);
      this.#bodyBytes += taken;
      rest = rest.subarray(taken);
    }
    if (rest.length > 0) {
      this.#reserveHead(rest.length);
      this.#head.set(rest, this.#headBytes);
      this.#headBytes += rest.length;
    }
    return this.#advance();
  }

  space(): Uint8Array {
    if (this.#body) return this.#body.subarray(this.#bodyBytes);
    this.#reserveHead(1);
    return this.#head.subarray(this.#headBytes);
  }

  filled(bytes: number): Uint8Array | undefined {
    if (this.#body) this.#bodyBytes += bytes;
    else this.#headBytes += bytes;
    return this.#advance();
  }

  end(): undefined {
    if (this.pendingBytes === 0) return;
    const expected = this.#body?.length;
    throw new TransportError(
      'TRANSPORT_TRUNCATED',
      expected === undefined
        ? `the stream ended inside a frame's head, after ${this.#headBytes} bytes`
        : `the stream ended after ${this.#bodyBytes} of a message's ${expected} bytes`,
      { received: this.#body ? this.#bodyBytes : this.#headBytes, expected },
    );
  }

  #advance(): Uint8Array | undefined {
    if (!this.#body) this.#begin();
    const body = this.#body;
    if (!body || this.#bodyBytes < body.length) return undefined;
    this.#body = undefined;
    this.#bodyBytes = 0;
    this.#skipped = 0;
    return body;
  }

  /** Measures what the head holds and, where that tells a frame, starts its body. */
  #begin(): void {
    if (this.#headBytes === 0) return;
    const frame = this.#measure(this.#head.subarray(0, this.#headBytes));
    if (!frame) return;
    const end = Math.min(frame.skip + frame.length, this.#headBytes);
    this.#body = this.#memory(frame.length);
    this.#skipped = frame.skip;
    this.#body.set(this.#head.subarray(frame.skip, end));
    this.#bodyBytes = end - frame.skip;
    this.#head.copyWithin(0, end, this.#headBytes);
    this.#headBytes -= end;
  }

  /** Memory for a message of the length that its frame declares, if the limit and the machine allow it. */
  #memory(bytes: number): Uint8Array {
    const detail = { bytes, maxMessageBytes: this.#maxMessageBytes };
    if (bytes > this.#maxMessageBytes || !Number.isSafeInteger(bytes)) {
      throw new TransportError(
        'TRANSPORT_TOO_LARGE',
        `a message of ${bytes} bytes is larger than the limit of ${Math.min(this.#maxMessageBytes, Number.MAX_SAFE_INTEGER)}`,
        detail,
      );
    }
    try {
      return new Uint8Array(bytes);
    } catch (cause) {
      throw new TransportError('TRANSPORT_TOO_LARGE', `there is no memory for a message of ${bytes} bytes`, detail, {
        cause,
      });
    }
  }

  #reserveHead(bytes: number): void {
    const needed = this.#headBytes + bytes;
    if (needed <= this.#head.length) return;
    const larger = new Uint8Array(Math.max(HEAD_BYTES, 2 * this.#head.length, needed));
    larger.set(this.#head.subarray(0, this.#headBytes));
    this.#head = larger;
  }
}
