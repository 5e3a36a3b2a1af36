// Bytes that came and are not yet part of a message, in memory that is lent to whoever brings more of them:
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

  /** What waits, where it lies: as it is until the next bytes come. */
  get bytes(): Uint8Array {
    return this.#memory.subarray(this.#start, this.#end);
  }

  /** How many bytes may be written to what `space` gave. */
  get room(): number {
    return this.#memory.length - this.#end;
  }

  /** Memory for the next bytes; never empty. */
  space(): Uint8Array {
    this.#reserve(1);
    return this.#memory.subarray(this.#end);
  }

  /** So many bytes were written there. */
  filled(bytes: number): void {
    this.#end += bytes;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    this.#reserve(chunk.length);
    this.#memory.set(chunk, this.#end);
    this.#end += chunk.length;
  }

  /** The first so many have been read. */
  drop(bytes: number): void {
    this.#start += bytes;
  }

  /** All that waits, in memory of its own; none of it waits any more. */
  rest(): Uint8Array {
    const rest = this.bytes.slice();
    this.#start = this.#end;
    return rest;
  }

  /**
   * Makes room for `bytes` behind what waits. Where that is less than has been read since, it moves to the front;
   * otherwise it gets memory of twice the size: either way each byte is moved a bounded number of times.
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
