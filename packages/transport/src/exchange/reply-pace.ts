// Checks the pace of a reply. Without it, a peer that sends a byte now and then would occupy its caller, and all callers in the queue,
// without end. A silent peer is not called too slow: it may be computing, and the caller can set a timeout for that.

import { checkFunction } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { Timer } from './long-timer.ts';
import { type ReplyLimits, resolveReplyLimits } from './reply-limits.ts';

/** In each `stallMs`, at least 1 / LEAST_PART of the whole reply has to arrive. */
const LEAST_PART = 60;

/** The function that is called when a reply arrives too slowly. */
type Late = (error: TransportError<'TRANSPORT_TOO_SLOW'>) => void;

/** The check of one reply's pace, with limits that were checked before. */
export class CheckedReplyPace {
  readonly #limits: ReplyLimits;
  readonly #late: Late;
  /** `unref`, because whether the process stays alive does not depend on this timer but on the connection. */
  readonly #timer = new Timer('unref');
  #isMeasuring = false;
  /** True once one period had too few bytes, which is allowed. */
  #isSpared = false;
  #bytes = 0;
  #wholeBytes = 0;

  constructor(limits: ReplyLimits, late: Late) {
    this.#limits = limits;
    this.#late = late;
  }

  /**
   * Call it whenever a part of the reply has arrived and the reply is not whole.
   * @param more the bytes that have arrived now
   * @param bytes the bytes of the reply that have arrived in all
   * @param wholeBytes the bytes of the whole reply, if they are known
   */
  more(more: number, bytes: number, wholeBytes: number | undefined): void {
    this.#bytes = bytes;
    this.#wholeBytes = wholeBytes ?? bytes;
    if (!this.#isMeasuring) this.#measure(bytes - more);
  }

  /** Call it when the reply is whole, or nobody waits for it any more: stops the check. */
  end(): void {
    this.#timer.stop();
  }

  /** Measures one period of `stallMs`, from now on. `seen` is the number of the reply's bytes that have arrived before it. */
  #measure(seen: number): void {
    const { stallMs, stallBytes } = this.#limits;
    this.#isMeasuring = true;
    this.#timer.set(stallMs, () => {
      const arrived = this.#bytes - seen;
      if (arrived >= Math.max(stallBytes, this.#wholeBytes / LEAST_PART)) return this.#measure(this.#bytes);
      this.#isMeasuring = false;
      if (arrived === 0) return;
      if (this.#isSpared) this.#late(slowReplyError(this.#bytes, arrived, stallMs));
      this.#isSpared = true;
    });
  }
}

/**
 * Checks that one reply keeps to `limits.stallMs` and `limits.stallBytes`, for carriers of your own. Make an object of it when a first part
 * of the reply has arrived that is not the whole.
 *
 * @example
 * const pace = new ReplyPace(limits, (error) => abort(error));
 * pace.more(chunk.length, replyBytes, decoder.wholeBytes);
 * pace.end();
 */
export class ReplyPace extends CheckedReplyPace {
  /**
   * @param late called when the reply arrives too slowly, with TRANSPORT_TOO_SLOW, `detail` { what: 'reply', limit, limitMs, bytes }
   * @throws TransportError TRANSPORT_BAD_OPTION if a limit is invalid, or `late` is not a function
   */
  constructor(limits: Partial<ReplyLimits> | undefined, late: Late) {
    checkFunction('late', late);
    super(resolveReplyLimits(limits), late);
  }
}

function slowReplyError(replyBytes: number, arrived: number, stallMs: number): TransportError<'TRANSPORT_TOO_SLOW'> {
  return new TransportError(
    'TRANSPORT_TOO_SLOW',
    `the reply arrives too slowly: ${replyBytes} bytes of it have arrived, ${arrived} of them in the last ${stallMs} ms (limits.stallMs, limits.stallBytes)`,
    { what: 'reply', limit: 'stallMs', limitMs: stallMs, bytes: replyBytes },
  );
}
