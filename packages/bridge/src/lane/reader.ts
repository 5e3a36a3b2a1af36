// Splits the bytes from a lane's socket into frames. The reader does no I/O: it returns memory for the next bytes, is told how many bytes
// were put there, and passes frames to its sink. Small frames go through one small buffer; a large part of a reply is read straight into
// the memory of the reply's decoder.
import { decodeHead, HEAD_BYTES, type LaneHead, TEXT_BYTES } from './frames.ts';

/** The functions that the reader calls with what it has read. */
export interface LaneSink {
  /** Called with the head of a frame that is not text. The bytes of a reply are in a lent file, or follow by `part` and `filled`. */
  frame(head: LaneHead): void;
  /** Called with a whole frame of text. */
  text(head: LaneHead, text: string): void;
  /** Called with bytes of a reply, which are valid during this call only. */
  part(bytes: Uint8Array): void;
  /** Returns memory into which the next bytes of a reply can be read; undefined if there is none. */
  space(): Uint8Array | undefined;
  /** Called after bytes of a reply were read into that memory. */
  filled(bytes: number): void;
  /** Called with the first bytes that are not a valid frame of a model, and the reason. The reader cannot go on after this. */
  broken(bytes: Uint8Array, why: string): void;
}

const BUFFER_BYTES = 65_536;
/** The smallest part of a reply that is read into the decoder's memory. For a smaller one, a read of its own costs more than a copy. */
const DIRECT_BYTES = 32_768;

export class LaneReader {
  readonly #sink: LaneSink;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #decoder = new TextDecoder();
  /** The number of bytes of an incomplete head at the front of the buffer. */
  #held = 0;
  /** The frame that is being received, and how many of its bytes have not arrived. */
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

  /** Takes the first `bytes` bytes of the last `space()`. Returns how many frames have begun in them. */
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

/** Returns why a model may never send such a head; undefined if it may. */
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
      return slot === 0 ? 'answered in a file that was not lent' : undefined;
  }
}

function faultOfSlot(slot: number): string | undefined {
  return slot === 0 ? undefined : `named lent file ${slot} in a frame that uses none`;
}
