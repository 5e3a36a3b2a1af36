// A queue of bytes that came and are not yet part of a message, in memory that is lent to the reader of more bytes:
//   | read | waits: #start to #end | room |

const NOTHING = new Uint8Array(0);
const LEAST_BYTES = 4096;

export class ByteQueue {
  #memory = NOTHING;
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** The bytes that wait, where they lie. They stay as they are until the next bytes come. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(this.#start, this.#end);
  }

  /** The most bytes that may be written to the memory that `space` gave. */
  get room(): number {
    return this.#memory.length - this.#end;
  }

  /** Returns memory for the next bytes; never empty. */
  space(): Uint8Array {
    this.#reserve(1);
    return this.#memory.subarray(this.#end);
  }

  /** Says that so many bytes were written there. */
  filled(bytes: number): void {
    this.#end += bytes;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#reserve(chunk.length);
    this.#memory.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** Drops the first so many bytes. */
  drop(bytes: number): void {
    this.#start += bytes;
  }

  /** Takes all bytes that wait, in memory of their own. */
  rest(): Uint8Array {
    const rest = this.bytes.slice();
    this.#start = this.#end;
    return rest;
  }

  /**
   * Makes room for `bytes` behind the bytes that wait. If these are fewer than have been read since, they move to the front;
   * otherwise they get memory of twice the size. Either way each byte is moved a bounded number of times.
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
