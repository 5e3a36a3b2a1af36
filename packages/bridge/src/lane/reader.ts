// Takes the lane's bytes apart, as they come from a socket. Pure: told how many bytes were put into its memory, it tells
// its sink what they were. Small frames go through one small buffer; a large part of a reply is read where its framing
// wants it.
import { decodeHead, HEAD_BYTES, type LaneHead, TEXT_BYTES } from './wire.ts';

/** What becomes of frames. */
export interface LaneSink {
  /** A frame that is not text: what it has of a reply lies in memory, or follows. */
  frame(head: LaneHead): void;
  /** A frame that is text. */
  text(head: LaneHead, text: string): void;
  /** Some bytes of a reply. They are not kept. */
  part(bytes: Uint8Array): void;
  /** Where the next bytes of a reply may be read to, if anywhere. */
  space(): Uint8Array | undefined;
  /** So many were. */
  filled(bytes: number): void;
  /** These bytes begin no frame of a model's, and why. The reader is of no further use. */
  broken(bytes: Uint8Array, why: string): void;
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
    if (space) return space.subarray(0, this.#left);
    return this.#held === 0 ? this.#scratch : this.#scratch.subarray(this.#held);
  }

  /**
   * Says that so many bytes were put to the front of the last `space()`.
   * @returns how many frames have begun in them
   */
  filled(bytes: number): number {
    let frames = 0;
    if (this.#direct) {
      this.#left -= bytes;
      this.#sink.filled(bytes);
      return frames;
    }
    const scratch = this.#scratch;
    const end = this.#held + bytes;
    let at = 0;
    for (;;) {
      if (this.#left > 0) {
        const part = scratch.subarray(at, Math.min(end, at + this.#left));
        at += part.length;
        this.#left -= part.length;
        this.#take(part);
      }
      if (end - at < HEAD_BYTES) break;
      const head = decodeHead(scratch, at);
      const why = head ? wrong(head) : 'sent what is no frame';
      if (!head || why !== undefined) {
        this.#sink.broken(scratch.slice(at, at + HEAD_BYTES), why ?? '');
        return frames;
      }
      at += HEAD_BYTES;
      frames++;
      this.#begin(head);
    }
    this.#held = end - at;
    if (this.#held > 0) scratch.copyWithin(0, at, end);
    return frames;
  }

  #begin(head: LaneHead): void {
    const { kind } = head;
    this.#head = head;
    this.#text = '';
    const isText = kind === 'H' || kind === 'X' || kind === 'D';
    if (isText || kind === 'R') this.#left = head.length;
    if (!isText) this.#sink.frame(head);
    else if (head.length === 0) this.#sink.text(head, '');
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

/** What a model may not say, whatever was said before. */
function wrong({ kind, slot, length }: LaneHead): string | undefined {
  switch (kind) {
    case 'Q':
    case 'M':
      return 'sent a request, which only its host may';
    case 'H':
    case 'X':
    case 'D':
      return length > TEXT_BYTES
        ? `declared a text of ${length} bytes, and at most ${TEXT_BYTES} may be`
        : slotless(slot);
    case 'E':
    case 'B':
      return length > 0 ? `declared ${length} bytes behind a frame that has none` : slotless(slot);
    case 'R':
      return length === 0 ? 'sent a part of a reply that has no bytes' : slotless(slot);
    case 'S':
      if (length === 0) return 'sent a part of a reply that has no bytes';
      return slot === 0 ? 'answered in memory that was not lent' : undefined;
  }
}

function slotless(slot: number): string | undefined {
  return slot === 0 ? undefined : `named memory ${slot} in a frame that uses none`;
}
