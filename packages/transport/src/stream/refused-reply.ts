// A reply that was refused and is read to its end all the same, because some peers die of a reply that nobody reads. It ends when
// nothing more of it comes, or after a few seconds.
import type { Socket } from 'node:net';
import type { ReplyLimits } from '../exchange/reply-limits.ts';
import { ReplyPace } from '../exchange/reply-pace.ts';

/** The caller is told once nothing has come for so long. */
const SILENT_MS = 1000;
/** The caller is told after so long, even if more of the reply comes. */
const DRAIN_MS = 5000;

/** The connection on which the reply comes. */
export interface RefusingConnection {
  readonly socket: Socket;
  readonly limits: Partial<ReplyLimits> | undefined;
  /** Called when nobody need wait for the end of the reply any longer. */
  over(): void;
  /** Called when the rest comes too slowly, also after `over`. */
  tooSlow(): void;
}

export class RefusedReply {
  /** The reason for which the reply was refused. */
  readonly error: unknown;
  readonly #deadline: NodeJS.Timeout;
  readonly #pace: ReplyPace;
  #bytes = 0;

  constructor(error: unknown, { socket, limits, over, tooSlow }: RefusingConnection) {
    this.error = error;
    this.#deadline = setTimeout(over, DRAIN_MS);
    socket.setTimeout(SILENT_MS, over);
    this.#pace = new ReplyPace(limits, tooSlow);
  }

  /** Counts bytes that were read and dropped. */
  dropped(bytes: number): void {
    this.#bytes += bytes;
    this.#pace.more(bytes, this.#bytes, undefined);
  }

  /** The caller was told: only the pace of the rest matters now. */
  told(): void {
    clearTimeout(this.#deadline);
  }

  /** The connection is closed. */
  end(): void {
    this.told();
    this.#pace.end();
  }
}
