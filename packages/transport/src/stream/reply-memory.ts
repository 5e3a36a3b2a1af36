// The memory that a socket reads replies into: the decoder's own, so that a reply is moved no further. Node asks for memory as soon as it
// has made a read, and the first time before a connection is complete. The first bytes of a connection may go into memory that all
// connections share, because Node hands them over in the same turn in which it reads them: the connection of a small reply needs no
// memory but the reply's.

import { FrameAssembler } from '../framing/assembler.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import { DROPPED } from '../framing/no-reply.ts';

const SHARED: Uint8Array = new Uint8Array(16_384);

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
    this.#first = copiesChunks(decoder) ? SHARED : decoder.space();
  }

  /** The memory of the last read. */
  get last(): Uint8Array {
    return this.#last;
  }

  /** True if the last read went into memory that is not the decoder's: its bytes have to be pushed at once. */
  get isShared(): boolean {
    return this.#last === SHARED;
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

/** Returns whether a decoder keeps no chunk that is pushed to it, which is known of FrameAssembler as it is. */
function copiesChunks({ push, space, filled }: FrameDecoder): boolean {
  const own = FrameAssembler.prototype;
  return push === own.push && space === own.space && filled === own.filled;
}
