// A framed message that is being sent. Its length is fixed when it is framed, but its memory is still the caller's, and may be transferred
// before it was written. Then zeros are sent in its place, so that the peer gets a message of the length that was announced.

import type { TransportError } from '../errors/transport-error.ts';
import { bytesOf, lostPartError, type Message, messageBytes } from '../framing/message.ts';

/**
 * Parts before the last one are joined if they have no more than this many bytes together, which costs less than to write one more part.
 */
const SMALL_BYTES = 1024;
/** The bytes that are written in place of a part whose memory is gone. */
const ZEROS: Uint8Array = new Uint8Array(65_536);

export class OutgoingMessage {
  /** The bytes of the whole message. */
  readonly bytes: number;
  readonly #parts: Message;
  readonly #sizes: readonly number[];
  #lost: TransportError | undefined;

  /**
   * @param parts the bytes that a framing returned. The message itself was checked before, but the framing may be the user's
   * @throws TransportError TRANSPORT_BAD_MESSAGE if a part is no Uint8Array
   */
  constructor(parts: Message) {
    this.bytes = messageBytes(parts);
    this.#parts = parts;
    this.#sizes = parts.map((part) => part.length);
  }

  /** Set once zeros were sent in place of a part. The peer's reply is then not a reply to the caller's message. */
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
   * Returns the bytes of the message from `start` to `end` as a list of chunks, none of them empty. In place of a part whose memory is gone
   * there are zeros, because a peer that gets fewer bytes than were announced waits or dies. Small chunks before the last one are joined.
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

  /** Returns the error for a part whose memory is gone; undefined if it is not. */
  #lostPart(part: number): TransportError | undefined {
    const size = this.#sizes[part] ?? 0;
    const actual = this.#parts[part]?.length ?? 0;
    return actual < size ? lostPartError(part, size, actual) : undefined;
  }
}
