// The pace of the reply that comes by a lane: that of the message in front, whether somebody waits for it or not, since others wait behind
// it.
import type { ReplyLimits, TransportError } from '@bridge/transport';
import { ReplyPace } from '@bridge/transport/tcp';
import type { Pending } from './pending.ts';

export class HeadPace {
  readonly #limits: ReplyLimits;
  readonly #late: (error: TransportError) => void;
  /** Set while a reply comes that has not come at once; and how much of it was counted. */
  #pace: ReplyPace | undefined;
  #bytes = 0;

  constructor(limits: ReplyLimits, late: (error: TransportError) => void) {
    this.#limits = limits;
    this.#late = late;
  }

  /** Asked behind each read. Does nothing for a reply that came at once. */
  hold(head: Pending | undefined): void {
    if (!head?.isComing || head.replyBytes === this.#bytes) return;
    const { replyBytes, wholeBytes } = head;
    this.#pace ??= new ReplyPace(this.#limits, this.#late);
    this.#pace.more(replyBytes - this.#bytes, replyBytes, wholeBytes);
    this.#bytes = replyBytes;
  }

  /** That reply is over. */
  end(): void {
    this.#pace?.end();
    this.#pace = undefined;
    this.#bytes = 0;
  }
}
