// Collects the bytes of a pickle that is being written. From protocol 4 on they are in frames,
//   95 length(8) opcodes…
// A frame ends at the first boundary between two values after 64 KiB. Less than 4 bytes get no frame, and a str or bytes of 64 KiB or more
// is between frames. CPython's C pickler does the same; frames only help to read ahead.

import type { UnsharedBytes } from '../../types/unshared.ts';

const HEADER_BYTES = 9;
const MIN_FRAME_BYTES = 4;
const TARGET_FRAME_BYTES = 65536;
const FRAME = 0x95;

/** The output of one pickle. */
export class Framer {
  readonly #framed: boolean;
  /** The finished parts, which are in front of `#bytes`. */
  readonly #parts: UnsharedBytes[] = [];
  #bytes = new Uint8Array(256);
  #length = 0;
  /** The position of the open frame's header; -1 if no frame is open. */
  #frame = -1;

  constructor(protocol: number) {
    this.#framed = protocol >= 4;
    this.#reserve(2);
    this.#bytes[0] = 0x80;
    this.#bytes[1] = protocol;
    this.#length = 2;
  }

  /** Writes one byte. */
  byte(value: number): void {
    this.#open();
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  /** Writes bytes. */
  bytes(values: ArrayLike<number>): void {
    this.#open();
    this.#append(values);
  }

  /** Writes an opcode with a length, and the bytes of that length. */
  payload(head: ArrayLike<number>, body: Uint8Array): void {
    if (this.#framed && body.length >= TARGET_FRAME_BYTES) this.#close();
    else this.#open();
    this.#append(head);
    if (body.length < TARGET_FRAME_BYTES) {
      this.#append(body);
      return;
    }
    // A large body is a part of its own, and is not copied. No frame is open here. Cast: the memory may be shared, which works as well.
    this.#parts.push(this.#bytes.subarray(0, this.#length), body as UnsharedBytes);
    this.#bytes = new Uint8Array(256);
    this.#length = 0;
  }

  /** Marks the boundary between two values, where a frame may end. */
  boundary(): void {
    if (this.#frame >= 0 && this.#length - this.#frame - HEADER_BYTES >= TARGET_FRAME_BYTES) this.#close();
  }

  /** Returns everything that was written, in parts. A body of 64 KiB or more is a part that was not copied. */
  finish(): UnsharedBytes[] {
    this.#close();
    return [...this.#parts, this.#bytes.subarray(0, this.#length)];
  }

  #open(): void {
    if (!this.#framed || this.#frame >= 0) return;
    this.#frame = this.#length;
    this.#reserve(HEADER_BYTES);
    this.#length += HEADER_BYTES;
  }

  #close(): void {
    const start = this.#frame;
    if (start < 0) return;
    const length = this.#length - start - HEADER_BYTES;
    if (length >= MIN_FRAME_BYTES) {
      this.#bytes[start] = FRAME;
      new DataView(this.#bytes.buffer).setBigUint64(start + 1, BigInt(length), true);
    } else {
      this.#bytes.copyWithin(start, start + HEADER_BYTES, this.#length);
      this.#length -= HEADER_BYTES;
    }
    this.#frame = -1;
  }

  #append(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#bytes.set(values, this.#length);
    this.#length += values.length;
  }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
