// Splits the bytes from a lane's socket into frames. The reader does no I/O: it lends memory, is told how many bytes were put
// there, and passes frames to its sink. Small frames go through one small buffer; a large part of a reply is read straight
// into the memory of the reply's framing.
import { decodeHead, HEAD_BYTES, type LaneHead, TEXT_BYTES } from './frames.ts';

/** The receiver of frames. */
export interface LaneSink {
  /** Receives a head whose frame is not text. The bytes of a reply lie in a lent file, or follow by `part` and `filled`. */
  frame(head: LaneHead): void;
  /** Receives a whole frame of text. */
  text(head: LaneHead, text: string): void;
  /** Receives bytes of a reply, which are valid during this call only. */
  part(bytes: Uint8Array): void;
  /** Returns memory that the next bytes of a reply can be read into; undefined if there is none. */
  space(): Uint8Array | undefined;
  /** Receives bytes of a reply that were put into that memory. */
  filled(bytes: number): void;
  /** Receives the first bytes that are not a frame of a model, and why. The reader cannot go on. */
  broken(bytes: Uint8Array, why: string): void;
}

const BUFFER_BYTES = 65_536;
/** A smaller rest of a reply goes through the buffer: a read of its own costs more than the copy. */
const DIRECT_BYTES = 32_768;

export class LaneReader {
  readonly #sink: LaneSink;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #decoder = new TextDecoder();
  /** Bytes of an incomplete head at the front of the buffer. */
  #held = 0;
  /** The frame that is being received, and how many bytes of it are missing. */
  #head: LaneHead | undefined;
  #left = 0;
  #text = '';
  #direct = false;

  constructor(sink: LaneSink) {
    this.#sink = sink;
  }

  /** Returns memory for the next bytes. */
  space(): Uint8Array {
    const space = this.#left >= DIRECT_BYTES && this.#head?.kind === 'R' ? this.#sink.space() : undefined;
    this.#direct = space !== undefined;
    if (space) return space.subarray(0, this.#left);
    return this.#held === 0 ? this.#buffer : this.#buffer.subarray(this.#held);
  }

  /** Takes `bytes` bytes at the front of the last `space()`. Returns how many frames have begun in them. */
  filled(bytes: number): number {
    let frames = 0;
    if (this.#direct) {
      this.#left -= bytes;
      this.#sink.filled(bytes);
      return frames;
    }
    const buffer = this.#buffer;
    const end = this.#held + bytes;
    let at = 0;
    for (;;) {
      if (this.#left > 0) {
        const part = buffer.subarray(at, Math.min(end, at + this.#left));
        at += part.length;
        this.#left -= part.length;
        this.#take(part);
      }
      if (end - at < HEAD_BYTES) break;
      const head = decodeHead(buffer, at);
      const why = head ? faultOf(head) : 'sent bytes that are not a frame';
      if (!head || why !== undefined) {
        this.#sink.broken(buffer.slice(at, at + HEAD_BYTES), why ?? '');
        return frames;
      }
      at += HEAD_BYTES;
      frames++;
      this.#begin(head);
    }
    this.#held = end - at;
    if (this.#held > 0) buffer.copyWithin(0, at, end);
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

/** Returns why a model may not send this head, whatever it sent before; undefined if it may. */
function faultOf({ kind, slot, length }: LaneHead): string | undefined {
  switch (kind) {
    case 'Q':
    case 'M':
      return 'sent a request, which only its host may';
    case 'H':
    case 'X':
    case 'D':
      return length > TEXT_BYTES ? `declared a text of ${length} bytes, more than ${TEXT_BYTES}` : faultOfSlot(slot);
    case 'E':
    case 'B':
      return length > 0 ? `declared ${length} bytes behind a frame that has none` : faultOfSlot(slot);
    case 'R':
      return length === 0 ? 'sent a part of a reply that has no bytes' : faultOfSlot(slot);
    case 'S':
      if (length === 0) return 'sent a part of a reply that has no bytes';
      return slot === 0 ? 'answered in memory that was not lent' : undefined;
  }
}

function faultOfSlot(slot: number): string | undefined {
  return slot === 0 ? undefined : `named memory ${slot} in a frame that uses none`;
}
