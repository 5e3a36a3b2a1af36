// A queue of bytes that have arrived and are not part of a decoded message yet. The free memory at its end is lent for the next read:
//   | decoded | waits: #start to #end | room |

const NOTHING = new Uint8Array(0);
const LEAST_BYTES = 4096;

export class ByteQueue {
  #memory = NOTHING;
  #start = 0;
  #end = 0;

  /** The number of bytes that wait. */
  get length(): number {
    return this.#end - this.#start;
  }

  /** The bytes that wait, not copied. They are valid until bytes are added. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(this.#start, this.#end);
  }

  /** The bytes of memory that `space` returned. */
  get room(): number {
    return this.#memory.length - this.#end;
  }

  /** Returns memory for the next bytes; never empty. */
  space(): Uint8Array {
    this.#reserve(1);
    return this.#memory.subarray(this.#end);
  }

  /** Adds the bytes that were written to the front of `space()`. */
  filled(bytes: number): void {
    this.#end += bytes;
  }

  /** Adds a copy of a chunk. */
  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#reserve(chunk.length);
    this.#memory.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Drops the first `bytes` bytes. */
  drop(bytes: number): void {
    this.#start += bytes;
  }

  /** Takes out all bytes that wait, and returns a copy of them. */
  rest(): Uint8Array {
    const rest = this.bytes.slice();
    this.#start = this.#end;
    return rest;
  }

  /**
   * Makes room for `bytes` more bytes. If fewer bytes wait than were dropped, the waiting bytes are moved to the front of the memory.
   * Otherwise they are copied to memory of twice their size. In both cases, each byte is moved a bounded number of times.
   */
  #reserve(bytes: number): void {
    const waiting = this.length;
    if (waiting === 0) {
      this.#start = 0;
      this.#end = 0;
    }
    if (this.#end + bytes <= this.#memory.length) return;
    if (waiting <= this.#start && waiting + bytes <= this.#memory.length) {
      this.#memory.copyWithin(0, this.#start, this.#end);
    } else {
      const larger = new Uint8Array(Math.max(LEAST_BYTES, 2 * waiting, waiting + bytes));
      larger.set(this.bytes);
      this.#memory = larger;
    }
    this.#start = 0;
    this.#end = waiting;
  }
}
