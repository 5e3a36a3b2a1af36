// Reads and drops the output of a relay for which no caller waits: the rest of a reply that was aborted or is invalid. The rest is read
// so that the model can finish it. The container belongs to the model, so there are limits: in bytes, in frames, and in pace.
import type { ReplyLimits } from '@bridge/transport';
import { endlessBytes } from '@bridge/transport/internal';
import { ReplyPace } from '@bridge/transport/tcp';

/** The most frames without bytes behind an aborted message. An honest relay sends one: an end, or an error. */
const MOST_EMPTY_FRAMES = 100;
/** The longest pause of the relay, after which the rest counts as ended. */
const QUIET_MS = 1000;

/** The functions that a discarded reply calls when it ends. */
export interface DiscardedReplySink {
  /** Called when the rest has ended, or when the relay pauses for long. */
  over(): void;
  /** Called when the rest arrives too slowly. */
  tooSlow(): void;
}

export class DiscardedReply {
  readonly #limits: ReplyLimits;
  readonly #sink: DiscardedReplySink;
  #bytes = 0;
  /** Frames without bytes so far. */
  #emptyFrames = 0;
  /** Set while the rest of a reply arrives. */
  #reply: { readonly pace: ReplyPace; readonly quiet: NodeJS.Timeout } | undefined;

  constructor(limits: ReplyLimits, sink: DiscardedReplySink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  /** Sets the counts to 0 for a new message. Frames that arrive before the relay has that message belong to an earlier one. */
  reset(): void {
    this.#bytes = this.#emptyFrames = 0;
  }

  /** Starts to discard the rest of a reply. */
  begin(): void {
    this.#reply = {
      pace: new ReplyPace(this.#limits, () => this.#sink.tooSlow()),
      quiet: setTimeout(() => this.#sink.over(), QUIET_MS),
    };
  }

  /** Counts a frame. @returns how the frame breaks the protocol; undefined if it does not */
  take(kind: string, bytes: number): string | undefined {
    this.#bytes += bytes;
    if (this.#bytes > endlessBytes(this.#limits)) return 'it kept sending a reply for which no caller waits';
    if (kind !== 'D' && ++this.#emptyFrames > MOST_EMPTY_FRAMES) return 'it kept sending frames while no caller waits';
    if (kind === 'D') {
      this.#reply?.pace.more(bytes, this.#bytes, undefined);
      this.#reply?.quiet.refresh();
    } else if (this.#reply && (kind === 'E' || kind === 'L')) this.#sink.over();
    return undefined;
  }

  /** Stops discarding. */
  end(): void {
    this.#reply?.pace.end();
    clearTimeout(this.#reply?.quiet);
    this.#reply = undefined;
  }
}
