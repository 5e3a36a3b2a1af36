// A framed message on its way to a socket, with the sizes that its parts had when it was handed over: they are what its
// frame promised. Its memory stays the caller's, who can transfer it elsewhere at any time before it was written.

import type { TransportError } from '../errors/transport-error.ts';
import { bytesOf, checkMessage, lostPartError, type Message } from '../framing/message.ts';

/** A frame and a header are joined: that costs less than to hand the system one more piece. */
const SMALL_BYTES = 1024;
/** What is written in place of a part whose memory is gone. */
const ZEROS: Uint8Array = new Uint8Array(65_536);

export class Outgoing {
  /** Of the whole message. */
  readonly bytes: number;
  readonly #parts: Message;
  readonly #sizes: readonly number[];

  /** @throws TransportError TRANSPORT_BAD_MESSAGE */
  constructor(parts: Message) {
    checkMessage(parts);
    this.#parts = parts;
    this.#sizes = parts.map((part) => part.length);
    this.bytes = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** The first part of what lies behind `start` that is not as large as it was, as an error. */
  lostFrom(start: number): TransportError | undefined {
    let end = 0;
    for (let i = 0; i < this.#sizes.length; i++) {
      const size = this.#sizes[i] ?? 0;
      const actual = this.#parts[i]?.length ?? 0;
      end += size;
      if (actual < size && end > start) return lostPartError(i, size, actual);
    }
    return undefined;
  }

  /**
   * What to write now of the bytes from `start` up to `end`: the parts, none of them empty, and zeros where one is gone.
   * The frame has been promised, and a peer that gets less of it than that waits or dies. What little is in front of the
   * last is one.
   */
  chunks(start: number, end: number): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    let at = 0;
    for (let i = 0; i < this.#sizes.length; i++) {
      const size = this.#sizes[i] ?? 0;
      const part = this.#parts[i] ?? ZEROS;
      const from = Math.max(0, start - at);
      const to = Math.min(size, end - at);
      at += size;
      if (from >= to) continue;
      if (part.length < size) {
        for (let left = to - from; left > 0; left -= ZEROS.length) chunks.push(ZEROS.subarray(0, left));
      } else if (isResizable(part.buffer)) {
        // The system reads what it could not take at once from where it lies, and that may be gone by then.
        chunks.push(new Uint8Array(part.subarray(from, to)));
      } else chunks.push(to - from === part.length ? part : part.subarray(from, to));
    }
    const last = chunks.pop();
    const front = chunks.length > 1 && bytesOf(chunks) <= SMALL_BYTES ? [Buffer.concat(chunks)] : chunks;
    return last ? [...front, last] : front;
  }
}

/** Whether its memory can be taken away while it is being sent. */
function isResizable(buffer: ArrayBufferLike & { readonly resizable?: boolean }): boolean {
  return buffer.resizable === true;
}
