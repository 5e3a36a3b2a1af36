// The bytes of a pickle, read from front to back. A declared length is held against the bytes that are there before
// anything is made of it.
import { asBytes } from '../../arguments/bytes-like.ts';
import { NpyError } from '../../errors.ts';
import { pickleError } from '../pickle-error.ts';

/** Bytes of the longest text that is read: a string of as many characters is known to every runtime. */
export const MAX_TEXT_BYTES: number = 2 ** 28;

export class Input {
  readonly bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  /** Where the frame ends that was opened last. */
  #frameEnd = 0;
  position = 0;

  /** @param maxBytes of a pickle; there may be more bytes behind it */
  constructor(given: Uint8Array, maxBytes: number = Number.POSITIVE_INFINITY) {
    // A Buffer's slice would be a view; of a plain Uint8Array it is a copy.
    const bytes = asBytes(given);
    this.bytes = bytes;
    this.#end = Math.min(bytes.length, maxBytes);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Opens a frame of `length` bytes. @throws NpyError NPY_TRUNCATED, NPY_LIMIT, NPY_PICKLE inside of another frame */
  frame(length: number): void {
    if (this.position < this.#frameEnd) throw pickleError(`a frame starts inside of another, at byte ${this.position}`);
    this.#need(length);
    this.#frameEnd = this.position + length;
  }

  /**
   * @throws NpyError NPY_TRUNCATED unless `count` bytes are left, NPY_LIMIT when they would pass the limit, NPY_PICKLE when
   * they would pass the end of the frame, at which CPython's unpickler loses bytes
   */
  #need(count: number): void {
    const received = this.#end - this.position;
    if (count <= received) {
      const { position } = this;
      if (position >= this.#frameEnd || position + count <= this.#frameEnd) return;
      throw pickleError(`a frame ends at byte ${this.#frameEnd}, inside of what starts at byte ${position}`);
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
      `npy: the bytes end inside the pickle: byte ${this.position} starts ${count}, of which ${received} came`,
      { part: 'pickle', position: this.position, expected: count, received },
    );
  }

  /** Moves on by `count` bytes. @returns where they start @throws NpyError NPY_TRUNCATED */
  #skip(count: number): number {
    this.#need(count);
    const start = this.position;
    this.position = start + count;
    return start;
  }

  /** The next `count` bytes, not copied. @throws NpyError NPY_TRUNCATED, NPY_LIMIT when they are more than `most` */
  take(count: number, most: number = Number.MAX_SAFE_INTEGER): Uint8Array {
    const start = this.#skip(count);
    if (count > most) {
      throw new NpyError('NPY_LIMIT', `npy: byte ${start} of the pickle starts ${count}: at most ${most} are read`, {
        position: start,
        expected: most,
        actual: count,
      });
    }
    return this.bytes.subarray(start, start + count);
  }

  /** The next `count` bytes, which are text. @throws NpyError NPY_TRUNCATED, NPY_LIMIT */
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

  /** Past 2^53 no longer exact, and past any length there is. */
  uint64(): number {
    return Number(this.#view.getBigUint64(this.#skip(8), true));
  }

  /** Big-endian, as the only number of the format. */
  float64(): { readonly value: number; readonly bits: bigint } {
    const start = this.#skip(8);
    return { value: this.#view.getFloat64(start), bits: this.#view.getBigUint64(start) };
  }

  /** Text up to the next newline, which is left out. @throws NpyError NPY_TRUNCATED, NPY_LIMIT */
  line(): Uint8Array {
    const end = this.bytes.indexOf(0x0a, this.position);
    const length = (end < 0 ? this.bytes.length + 1 : end + 1) - this.position;
    return this.text(length).subarray(0, -1);
  }
}
