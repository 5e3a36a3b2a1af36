// Reads the bytes of a pickle from front to back. A declared length is checked against the bytes that are there before memory is allocated.
import { asBytes } from '../../arguments/bytes-like.ts';
import { NpyError } from '../../errors.ts';
import { pickleError } from '../pickle-error.ts';

/** The most bytes of a str: every runtime has strings of that many characters. */
export const MAX_TEXT_BYTES: number = 2 ** 28;

/** The input of the pickle machine. */
export class Input {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  /** The end of the last frame. */
  #frameEnd = 0;
  position = 0;

  /** @param maxBytes the most bytes of the pickle, behind which there may be more bytes */
  constructor(given: Uint8Array, maxBytes: number = Number.POSITIVE_INFINITY) {
    // `slice` of a plain Uint8Array is a copy; that of a Buffer would be a view.
    const bytes = asBytes(given);
    this.bytes = bytes;
    this.#end = Math.min(bytes.length, maxBytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Starts a frame of `length` bytes. @throws NpyError NPY_TRUNCATED, NPY_LIMIT, NPY_PICKLE inside of another frame */
  frame(length: number): void {
    if (this.position < this.#frameEnd) throw pickleError(`a frame starts inside of another, at byte ${this.position}`);
    this.#need(length);
    this.#frameEnd = this.position + length;
  }

  /**
   * Checks that `count` bytes can be read.
   * @throws NpyError NPY_TRUNCATED if fewer bytes are left, NPY_LIMIT if the pickle exceeds its limit, NPY_PICKLE if the bytes reach beyond
   *   the end of the frame, where CPython's unpickler loses bytes
   */
  #need(count: number): void {
    const received = this.#end - this.position;
    if (count <= received) {
      const { position } = this;
      if (position >= this.#frameEnd || position + count <= this.#frameEnd) return;
      throw pickleError(`the frame ends at byte ${this.#frameEnd}, inside the value that starts at byte ${position}`);
    }
    if (this.#end < this.bytes.length) {
      const detail = { bytes: this.position + count, maxBytes: this.#end };
      throw new NpyError(
        'NPY_LIMIT',
        `npy: the pickle is longer than the limit of ${this.#end} bytes, limits.maxBytes`,
        detail,
      );
    }
    throw new NpyError(
      'NPY_TRUNCATED',
      `npy: the bytes end inside the pickle: ${received} of ${count} bytes from byte ${this.position} on`,
      { part: 'pickle', position: this.position, expected: count, received },
    );
  }

  /** Skips `count` bytes, and returns the position of the first. @throws NpyError NPY_TRUNCATED */
  #skip(count: number): number {
    this.#need(count);
    const start = this.position;
    this.position = start + count;
    return start;
  }

  /** Reads `count` bytes without copying them. @throws NpyError NPY_TRUNCATED, NPY_LIMIT if they are more than `maxCount` */
  take(count: number, maxCount: number = Number.MAX_SAFE_INTEGER): Uint8Array {
    const start = this.#skip(count);
    if (count > maxCount) {
      throw new NpyError(
        'NPY_LIMIT',
        `npy: a value of ${count} bytes at byte ${start} of the pickle exceeds ${maxCount}`,
        {
          position: start,
          expected: maxCount,
          actual: count,
        },
      );
    }
    return this.bytes.subarray(start, start + count);
  }

  /** Reads the `count` bytes of a str. @throws NpyError NPY_TRUNCATED, NPY_LIMIT */
  text(count: number): Uint8Array {
    return this.take(count, MAX_TEXT_BYTES);
  }

  uint8(): number {
    return this.#view.getUint8(this.#skip(1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#skip(2), true);
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true);
  }

  uint32(): number {
    return this.#view.getUint32(this.#skip(4), true);
  }

  /** Reads a length. A length above 2^53 is not exact, but then it exceeds any input. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  /** Reads a float, the only big-endian number of the format. */
  float64(): { readonly value: number; readonly bits: bigint } {
    const start = this.#skip(8);
    return { value: this.#view.getFloat64(start), bits: this.#view.getBigUint64(start) };
  }

  /** Reads text up to the next newline, without it. @throws NpyError NPY_TRUNCATED, NPY_LIMIT */
  line(): Uint8Array {
    const end = this.bytes.indexOf(0x0a, this.position);
    const length = (end < 0 ? this.bytes.length + 1 : end + 1) - this.position;
    return this.text(length).subarray(0, -1);
  }
}
