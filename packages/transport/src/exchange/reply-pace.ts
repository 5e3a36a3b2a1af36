// The pace of a reply. A peer that sends a byte now and then would keep its caller, and all callers behind it, for as long as it likes.
// A silent peer is not judged here: it may be computing, and its caller knows how long that may take.

import { checkFunction } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { type ReplyLimits, resolveReplyLimits } from './reply-limits.ts';
import { Timer } from './timer.ts';

/** In each `stallMs` a part of at least 1 / LEAST_PART of the whole has to come. */
const LEAST_PART = 60;

/**
 * Holds one reply to `limits.stallMs` and `limits.stallBytes`, for carriers of one's own. A reply that comes at once needs none: make one
 * when a first part has come that is not the whole.
 *
 * @example
 * const pace = new ReplyPace(limits, (error) => giveUp(error));
 * pace.more(chunk.length, replyBytes, decoder.wholeBytes);
 * pace.end();
 */
export class ReplyPace {
  readonly #limits: ReplyLimits;
  readonly #late: (error: TransportError<'TRANSPORT_TOO_SLOW'>) => void;
  /** Unref: the caller that waits for the reply keeps the process alive, or does not. */
  readonly #timer = new Timer('unref');
  #isMeasuring = false;
  /** True if one period fell short. */
  #isSpared = false;
  #bytes = 0;
  #wholeBytes = 0;

  /**
   * @param late called when the reply comes too slowly, with TRANSPORT_TOO_SLOW, `detail` { what: 'reply', limit, limitMs, bytes }
   * @throws TransportError TRANSPORT_BAD_OPTION for an invalid limit, or if `late` is not a function
   */
  constructor(limits: Partial<ReplyLimits> | undefined, late: (error: TransportError<'TRANSPORT_TOO_SLOW'>) => void) {
    this.#limits = resolveReplyLimits(limits);
    checkFunction('late', late);
    this.#late = late;
  }

  /**
   * Says that more of the reply came, and not the whole.
   * @param more bytes that came now
   * @param bytes bytes of the reply so far
   * @param wholeBytes bytes of the whole, if they are known
   */
  more(more: number, bytes: number, wholeBytes: number | undefined): void {
    this.#bytes = bytes;
    this.#wholeBytes = wholeBytes ?? bytes;
    if (!this.#isMeasuring) this.#measure(bytes - more);
  }

  /** Says that the reply is there, or that nobody waits for it. */
  end(): void {
    this.#timer.stop();
  }

  #measure(seen: number): void {
    const { stallMs, stallBytes } = this.#limits;
    this.#isMeasuring = true;
    this.#timer.set(stallMs, () => {
      const came = this.#bytes - seen;
      if (came >= Math.max(stallBytes, this.#wholeBytes / LEAST_PART)) return this.#measure(this.#bytes);
      this.#isMeasuring = false;
      if (came === 0) return;
      if (this.#isSpared) this.#late(slowReplyError(this.#bytes, came, stallMs));
      this.#isSpared = true;
    });
  }
}

function slowReplyError(replyBytes: number, came: number, stallMs: number): TransportError<'TRANSPORT_TOO_SLOW'> {
  return new TransportError(
    'TRANSPORT_TOO_SLOW',
    `the reply comes too slowly: ${replyBytes} bytes of it came, the last ${came} of them in ${stallMs} ms (limits.stallMs, limits.stallBytes)`,
    { what: 'reply', limit: 'stallMs', limitMs: stallMs, bytes: replyBytes },
  );
}
