// The memory that a socket reads replies into: the decoder's own, so that a reply is moved no further. Node asks for memory as soon as it
// has made a read, and the first time before a connection is complete.

import type { FrameDecoder } from '../framing/framing.ts';
import { DROPPED } from '../framing/no-reply.ts';

export class ReplyMemory {
  readonly #decoder: FrameDecoder;
  readonly #refuse: (error: unknown) => void;
  /** Lent for the first read. */
  #first: Uint8Array | undefined;
  #last: Uint8Array = DROPPED;
  #isEnded = false;

  /**
   * @param refuse called with the error of a decoder that cannot lend memory any more
   * @throws the error of a decoder that can lend none at all
   */
  constructor(decoder: FrameDecoder, refuse: (error: unknown) => void) {
    this.#decoder = decoder;
    this.#refuse = refuse;
    this.#first = decoder.space();
  }

  /** The memory of the last read. */
  get last(): Uint8Array {
    return this.#last;
  }

  /** Returns memory for the next read. */
  lend(): Uint8Array {
    this.#last = this.#space();
    return this.#last;
  }

  /** From now on all bytes are dropped. */
  end(): void {
    this.#isEnded = true;
  }

  #space(): Uint8Array {
    const first = this.#first;
    this.#first = undefined;
    if (first) return first;
    try {
      if (!this.#isEnded) return this.#decoder.space();
    } catch (error) {
      this.#refuse(error);
    }
    return DROPPED;
  }
}
