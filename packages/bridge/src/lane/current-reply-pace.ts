// The pace of the reply that is coming by a lane. It is measured even if nobody wants that reply, because the messages behind it
// wait for its end.
import type { ReplyLimits, TransportError } from '@bridge/transport';
import { ReplyPace } from '@bridge/transport/tcp';
import type { Pending } from './pending.ts';

export class CurrentReplyPace {
  readonly #limits: ReplyLimits;
  readonly #onTooSlow: (error: TransportError<'TRANSPORT_TOO_SLOW'>) => void;
  /** Set while a reply comes that did not come whole in one read. */
  #pace: ReplyPace | undefined;
  /** Bytes of that reply that the pace has been told of. */
  #bytes = 0;

  constructor(limits: ReplyLimits, onTooSlow: (error: TransportError<'TRANSPORT_TOO_SLOW'>) => void) {
    this.#limits = limits;
    this.#onTooSlow = onTooSlow;
  }

  /** Measures the first message's reply after each read. Costs nothing for a reply that came whole in one read. */
  measure(first: Pending | undefined): void {
    if (!first?.isComing || first.replyBytes === this.#bytes) return;
    const { replyBytes, wholeBytes } = first;
    this.#pace ??= new ReplyPace(this.#limits, this.#onTooSlow);
    this.#pace.more(replyBytes - this.#bytes, replyBytes, wholeBytes);
    this.#bytes = replyBytes;
  }

  /** Ends the measurement with the reply. */
  end(): void {
    this.#pace?.end();
    this.#pace = undefined;
    this.#bytes = 0;
  }
}
