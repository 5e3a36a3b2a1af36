// The bytes of a pickle as they are written. From protocol 4 on they stand in frames,
//   95 length(8) opcodes…
// which end at the first boundary between two values behind 64 KiB. Under 4 bytes there is no frame, and a str or bytes
// of 64 KiB or more stands between frames. CPython's C pickler does so; a frame is for reading ahead and means nothing.

import type { UnsharedBytes } from '../../memory/unshared.ts';

const HEADER_BYTES = 9;
const LEAST_BYTES = 4;
const TARGET_BYTES = 65536;
const FRAME = 0x95;

export class Framer {
  readonly #framed: boolean;
  /** What was written before `#bytes`. */
  readonly #parts: UnsharedBytes[] = [];
  #bytes = new Uint8Array(256);
  #length = 0;
  /** Where the open frame's header will be; -1 when none is open. */
  #frame = -1;

  constructor(protocol: number) {
    this.#framed = protocol >= 4;
    this.#reserve(2);
    this.#bytes[0] = 0x80;
    this.#bytes[1] = protocol;
    this.#length = 2;
  }

  byte(value: number): void {
    this.#open();
    this.#reserve(1);
    this.#bytes[this.#length++] = value;
  }

  bytes(values: ArrayLike<number>): void {
    this.#open();
    this.#append(values);
  }

  /** An opcode with its length, and what it is the length of. */
  payload(head: ArrayLike<number>, body: Uint8Array): void {
    if (this.#framed && body.length >= TARGET_BYTES) this.#close();
    else this.#open();
    this.#append(head);
    if (body.length < TARGET_BYTES) {
      this.#append(body);
      return;
    }
    // A part of its own, not copied. No frame is open here. The cast: as in format/encode.ts, shared memory works as well.
    this.#parts.push(this.#bytes.subarray(0, this.#length), body as UnsharedBytes);
    this.#bytes = new Uint8Array(256);
    this.#length = 0;
  }

  /** Between two values: where a frame may end. */
  boundary(): void {
    if (this.#frame >= 0 && this.#length - this.#frame - HEADER_BYTES >= TARGET_BYTES) this.#close();
  }

  /** All that was written, not joined: a body of 64 KiB or more is the very bytes that were handed in. */
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
    if (length >= LEAST_BYTES) {
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
