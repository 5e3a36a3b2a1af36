// A framed message on its way to a socket, with the sizes that its parts had when they were handed over: the frame promises them.
// The memory stays the caller's, who can transfer it elsewhere before it is written. The peer gets a whole message all the same.

import type { TransportError } from '../errors/transport-error.ts';
import { bytesOf, checkMessage, lostPartError, type Message } from '../framing/message.ts';

/** A frame and a header of so many bytes are joined: that costs less than one more piece for the system. */
const SMALL_BYTES = 1024;
/** Written in place of a part whose memory is gone. */
const ZEROS: Uint8Array = new Uint8Array(65_536);

export class Outgoing {
  /** Bytes of the whole message. */
  readonly bytes: number;
  readonly #parts: Message;
  readonly #sizes: readonly number[];
  #lost: TransportError | undefined;

  /** @throws TransportError TRANSPORT_BAD_MESSAGE */
  constructor(parts: Message) {
    checkMessage(parts);
    this.#parts = parts;
    this.#sizes = parts.map((part) => part.length);
    this.bytes = this.#sizes.reduce((sum, size) => sum + size, 0);
  }

  /** Set once zeros were written in place of a part: the peer answers something else than the caller meant to send. */
  get lost(): TransportError | undefined {
    return this.#lost;
  }

  /** @throws TransportError TRANSPORT_BAD_MESSAGE if the memory of a part is gone */
  check(): void {
    for (let i = 0; i < this.#sizes.length; i++) {
      const lost = this.#lostPart(i);
      if (lost) throw lost;
    }
  }

  /**
   * Returns the pieces to write now for the bytes from `start` to `end`, none of them empty. In place of a part whose memory is gone
   * there are zeros: the frame has promised its size, and a peer that gets less waits or dies. A short frame in front of the last
   * piece is one piece.
   */
  chunks(start: number, end: number): Uint8Array[] {
    const chunks: Uint8Array[] = [];
    let position = 0;
    for (let i = 0; i < this.#sizes.length; i++) {
      const size = this.#sizes[i] ?? 0;
      const part = this.#parts[i] ?? ZEROS;
      const from = Math.max(0, start - position);
      const to = Math.min(size, end - position);
      position += size;
      if (from >= to) continue;
      if (part.length < size) {
        this.#lost ??= this.#lostPart(i);
        for (let left = to - from; left > 0; left -= ZEROS.length) chunks.push(ZEROS.subarray(0, left));
      } else chunks.push(to - from === part.length ? part : part.subarray(from, to));
    }
    const last = chunks.pop();
    const front = chunks.length > 1 && bytesOf(chunks) <= SMALL_BYTES ? [Buffer.concat(chunks)] : chunks;
    return last ? [...front, last] : front;
  }

  #lostPart(part: number): TransportError | undefined {
    const size = this.#sizes[part] ?? 0;
    const actual = this.#parts[part]?.length ?? 0;
    return actual < size ? lostPartError(part, size, actual) : undefined;
  }
}
