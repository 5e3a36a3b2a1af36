// A reply that was refused, because it is invalid or too large. It is read to its end all the same, because some peers die of a reply that
// nobody reads. Its end is when no more of it arrives for a second, or after five seconds.
import type { Socket } from 'node:net';
import type { ReplyLimits } from '../exchange/reply-limits.ts';
import { CheckedReplyPace } from '../exchange/reply-pace.ts';

/** The exchange is rejected when no bytes have arrived for this time. */
const SILENT_MS = 1000;
/** The exchange is rejected after this time, even if more of the reply arrives. */
const DRAIN_MS = 5000;

/** The parts of a connection that a RefusedReplyDrain uses. */
export interface RefusingConnection {
  readonly socket: Socket;
  readonly limits: ReplyLimits;
  /** Called when the exchange is to be rejected. */
  over(): void;
  /** Called when the rest of the reply arrives too slowly, even after `over`. */
  tooSlow(): void;
}

export class RefusedReplyDrain {
  /** The reason for which the reply was refused. */
  readonly error: unknown;
  readonly #deadline: NodeJS.Timeout;
  readonly #pace: CheckedReplyPace;
  #bytes = 0;

  constructor(error: unknown, { socket, limits, over, tooSlow }: RefusingConnection) {
    this.error = error;
    this.#deadline = setTimeout(over, DRAIN_MS);
    socket.setTimeout(SILENT_MS, over);
    this.#pace = new CheckedReplyPace(limits, tooSlow);
  }

  /** Counts bytes that were read and dropped, and checks their pace. */
  dropped(bytes: number): void {
    this.#bytes += bytes;
    this.#pace.more(bytes, this.#bytes, undefined);
  }

  /** Called when the exchange was rejected: from now on only the pace of the rest is checked. */
  reported(): void {
    clearTimeout(this.#deadline);
  }

  /** Called when the connection is closed. */
  end(): void {
    this.reported();
    this.#pace.end();
  }
}
