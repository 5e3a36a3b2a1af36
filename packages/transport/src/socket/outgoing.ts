// A framed message on its way to a socket, with the sizes that its parts had when it was handed over: they are what its
// frame promised. Its memory stays the caller's, who can transfer it elsewhere at any time before it was written.

import type { TransportError } from '../errors.ts';
import { checkMessage, lostPartError, type Message, messageBytes } from '../message.ts';

/** A frame and a header are joined: that costs less than to hand the system one more piece. */
const SMALL_BYTES = 1024;
/** What is written in place of a part whose memory is gone. */
const ZEROS: Uint8Array = new Uint8Array(65_536);

export class Outgoing {
  readonly #parts: Message;
  readonly #sizes: readonly number[];

  /** @throws TransportError TRANSPORT_BAD_MESSAGE */
  constructor(parts: Message) {
    checkMessage(parts);
    this.#parts = parts;
    this.#sizes = parts.map((part) => part.length);
  }

  /** The first part that is not as large as it was, as an error. */
  get lost(): TransportError | undefined {
    for (let i = 0; i < this.#sizes.length; i++) {
      const size = this.#sizes[i] ?? 0;
      const actual = this.#parts[i]?.length ?? 0;
      if (actual < size) return lostPartError(i, size, actual);
    }
    return undefined;
  }

  /**
   * What to write now: the parts, none of them empty, and zeros where one is gone. The frame has been promised, and a
   * peer that gets less of it than that waits or dies. What little is in front of the last is one.
   */
  chunks(): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    for (let i = 0; i < this.#sizes.length; i++) {
      const size = this.#sizes[i] ?? 0;
      const part = this.#parts[i];
      if (size === 0 || !part) continue;
      if (part.length === size) chunks.push(part);
      else if (part.length > size) chunks.push(part.subarray(0, size));
      else for (let left = size; left > 0; left -= ZEROS.length) chunks.push(ZEROS.subarray(0, left));
    }
    const last = chunks.pop();
    const front = chunks.length > 1 && messageBytes(chunks) <= SMALL_BYTES ? [Buffer.concat(chunks)] : chunks;
    return last ? [...front, last] : front;
  }
}
