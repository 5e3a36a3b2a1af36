// Takes the lane's bytes apart, as they come from a socket. Pure: told how many bytes were put into its memory, it tells
// its sink what they were. Small frames go through one small buffer; a large part of a reply is read where its framing
// wants it.
import { decodeHead, HEAD_BYTES, type LaneHead } from './wire.ts';

/** What becomes of frames. */
export interface LaneSink {
  /** A frame without bytes, or one whose bytes lie in memory. */
  frame(head: LaneHead): void;
  /** A frame that is text. */
  text(head: LaneHead, text: string): void;
  /** Some bytes of a reply. They are not kept. */
  part(bytes: Uint8Array): void;
  /** Where the next bytes of a reply may be read to, if anywhere. */
  space(): Uint8Array | undefined;
  /** So many were. */
  filled(bytes: number): void;
  /** These bytes are no frame. The reader is of no further use. */
  broken(bytes: Uint8Array): void;
}

const SCRATCH_BYTES = 65_536;
/** Below, a read of its own costs more than the copy that it saves. */
const DIRECT_BYTES = 32_768;

export class LaneReader {
  readonly #sink: LaneSink;
  readonly #scratch = new Uint8Array(SCRATCH_BYTES);
  readonly #decoder = new TextDecoder();
  /** Bytes at the front of the scratch that begin a head. */
  #held = 0;
  /** The frame whose bytes are coming, and how many are still to come. */
  #head: LaneHead | undefined;
  #left = 0;
  #text = '';
  #direct = false;

  constructor(sink: LaneSink) {
    this.#sink = sink;
  }

  /** Memory for the next bytes. */
  space(): Uint8Array {
    const space = this.#left >= DIRECT_BYTES && this.#head?.kind === 'R' ? this.#sink.space() : undefined;
    this.#direct = space !== undefined;
    return space ? space.subarray(0, this.#left) : this.#scratch.subarray(this.#held);
  }

  /** Says that so many bytes were put to the front of the last `space()`. */
  filled(bytes: number): void {
    if (this.#direct) {
      this.#left -= bytes;
      this.#sink.filled(bytes);
      return;
    }
    const all = this.#scratch.subarray(0, this.#held + bytes);
    let at = 0;
    for (;;) {
      if (this.#left > 0) {
        const part = all.subarray(at, at + this.#left);
        at += part.length;
        this.#left -= part.length;
        this.#take(part);
      }
      if (all.length - at < HEAD_BYTES) break;
      const head = decodeHead(all, at);
      if (!head) {
        this.#sink.broken(all.slice(at));
        return;
      }
      at += HEAD_BYTES;
      this.#begin(head);
    }
    this.#held = all.length - at;
    if (this.#held > 0) this.#scratch.copyWithin(0, at, all.length);
  }

  #begin(head: LaneHead): void {
    const { kind } = head;
    this.#head = head;
    this.#text = '';
    if (kind === 'S' || kind === 'E' || kind === 'B') {
      this.#sink.frame(head);
      return;
    }
    this.#left = head.length;
    if (kind !== 'R' && head.length === 0) this.#sink.text(head, '');
  }

  #take(bytes: Uint8Array): void {
    if (!this.#head || bytes.length === 0) return;
    if (this.#head.kind === 'R') {
      this.#sink.part(bytes);
      return;
    }
    this.#text += this.#decoder.decode(bytes, { stream: this.#left > 0 });
    if (this.#left === 0) this.#sink.text(this.#head, this.#text);
  }
}
