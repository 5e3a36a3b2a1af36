// Measures the pace of the reply that a lane is receiving, and reports a reply that arrives too slowly. A reply whose caller has aborted
// is measured as well, because the messages behind it wait for its end.
import type { ReplyLimits, TransportError } from '@bridge/transport';
import { ReplyPace } from '@bridge/transport/tcp';
import type { Pending } from './pending.ts';

export class CurrentReplyPace {
  readonly #limits: ReplyLimits;
  readonly #onTooSlow: (error: TransportError<'TRANSPORT_TOO_SLOW'>) => void;
  /** Set while a reply arrives that takes more than one read. */
  #pace: ReplyPace | undefined;
  /** The number of bytes of that reply that have been measured. */
  #bytes = 0;

  constructor(limits: ReplyLimits, onTooSlow: (error: TransportError<'TRANSPORT_TOO_SLOW'>) => void) {
    this.#limits = limits;
    this.#onTooSlow = onTooSlow;
  }

  /**
   * Measures the bytes that a read has brought of the reply to `first`, the message that the model is answering. A reply that arrives in
   * one read costs nothing.
   */
  measure(first: Pending | undefined): void {
    if (!first?.isComing || first.replyBytes === this.#bytes) return;
    const { replyBytes, wholeBytes } = first;
    this.#pace ??= new ReplyPace(this.#limits, this.#onTooSlow);
    this.#pace.more(replyBytes - this.#bytes, replyBytes, wholeBytes);
    this.#bytes = replyBytes;
  }

  /** Ends the measurement, because the reply has ended. */
  end(): void {
    this.#pace?.end();
    this.#pace = undefined;
    this.#bytes = 0;
  }
}
