// The memory that a socket reads replies into. It is the decoder's own, so that a reply is not copied again. Node asks for the memory of
// the next read as soon as it has made a read, and for the first one before the connection is established. The first bytes of a connection
// may be read into memory that all connections share, because Node passes them on before it reads from any other socket. So a connection
// with a small reply needs no memory but the reply's.

import { FrameAssembler } from '../framing/assembler.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import { DROPPED } from '../framing/no-reply.ts';

/** The memory that all connections share. Its bytes are another connection's as soon as the callback of a read has returned. */
const SHARED: Uint8Array = new Uint8Array(16_384);

export class ReplyMemory {
  readonly #decoder: FrameDecoder;
  readonly #refuse: (error: unknown) => void;
  /** The memory to lend for the first read; undefined after that. */
  #first: Uint8Array | undefined;
  #last: Uint8Array = DROPPED;
  #isEnded = false;

  /**
   * @param refuse called with the error of `decoder.space()` at a later read
   * @throws what `decoder.space()` throws for the first read
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

  /** True if the last read went into the shared memory. Its bytes have to be pushed to the decoder at once. */
  get isShared(): boolean {
    return this.#last === SHARED;
  }

  /** Returns memory for the next read. */
  lend(): Uint8Array {
    this.#last = this.#space();
    return this.#last;
  }

  /** Lends memory of which the bytes are dropped, from now on. */
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

/** Returns true if a decoder copies the chunks that are pushed to it, as FrameAssembler is known to do if no method is overridden. */
function copiesChunks({ push, space, filled }: FrameDecoder): boolean {
  const own = FrameAssembler.prototype;
  return push === own.push && space === own.space && filled === own.filled;
}
