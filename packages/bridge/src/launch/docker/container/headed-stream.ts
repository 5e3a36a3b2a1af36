// Splits a byte stream into frames, each a head and a body, wherever its chunks begin and end. Nothing is joined: pieces of a body are
// passed on as they arrive. Docker's output streams (multiplexed.ts) and the protocol of the relay inside a container (relay-frames.ts)
// have this form.
//
//   | head: a fixed number of bytes | body: as long as the head says | head | body | …

/** The form of the frames, and the receiver of their pieces. */
export interface HeadedFrames {
  readonly headBytes: number;
  /** Returns the length of the body that follows a head. */
  bodyBytes(head: DataView): number;
  /** Called with a piece of a body, and its head. An empty body is one empty piece. `last` is true for the piece that ends the body. */
  piece(head: DataView, bytes: Uint8Array, last: boolean): void;
}

const NOTHING = new Uint8Array(0);

export class HeadedStream {
  readonly #frames: HeadedFrames;
  readonly #head: Uint8Array;
  #headBytes = 0;
  #left = 0;

  constructor(frames: HeadedFrames) {
    this.#frames = frames;
    this.#head = new Uint8Array(frames.headBytes);
  }

  /** Takes the next bytes of the stream. `piece` is called with views of them. */
  push(chunk: Uint8Array): void {
    let rest = chunk;
    while (rest.length > 0) {
      if (this.#headBytes < this.#head.length) {
        const taken = rest.subarray(0, this.#head.length - this.#headBytes);
        this.#head.set(taken, this.#headBytes);
        this.#headBytes += taken.length;
        rest = rest.subarray(taken.length);
        if (this.#headBytes < this.#head.length) return;
        this.#left = this.#frames.bodyBytes(this.#view());
        if (this.#left === 0) this.#give(NOTHING);
      } else {
        const piece = rest.subarray(0, this.#left);
        rest = rest.subarray(piece.length);
        this.#left -= piece.length;
        this.#give(piece);
      }
    }
  }

  #give(piece: Uint8Array): void {
    const last = this.#left === 0;
    if (last) this.#headBytes = 0;
    this.#frames.piece(this.#view(), piece, last);
  }

  #view(): DataView {
    return new DataView(this.#head.buffer);
  }
}
