// Output of a relay that no caller waits for: the rest of a reply that was given up, or is invalid. It is read all the same, so
// that the model can finish it. The container belongs to the model, so there are limits: in bytes, in frames, and in pace.
import type { ReplyLimits } from '@bridge/transport';
import { ReplyPace } from '@bridge/transport/tcp';

/** Bytes that a framing may add to the largest message. */
const FRAMING_BYTES = 2 ** 20;
/** The most frames without bytes after a message that was given up. An honest relay sends one: an end, or an error. */
const MOST_EMPTY_FRAMES = 100;
/** Milliseconds for which the relay may pause before the rest counts as ended. */
const QUIET_MS = 1000;

/** The functions that a discarded reply calls, by the way in which the rest of it ends. */
export interface DiscardedReplySink {
  /** Called when the rest has ended, or pauses for long. */
  over(): void;
  /** Called when the rest comes too slowly. */
  drips(): void;
}

export class DiscardedReply {
  readonly #limits: ReplyLimits;
  readonly #sink: DiscardedReplySink;
  #bytes = 0;
  /** Frames without bytes so far. */
  #emptyFrames = 0;
  /** Set while the rest of a reply comes. */
  #reply: { readonly pace: ReplyPace; readonly quiet: NodeJS.Timeout } | undefined;

  constructor(limits: ReplyLimits, sink: DiscardedReplySink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  /** Counts from 0 for a new message. Frames that come before the relay has it belong to an earlier one. */
  reset(): void {
    this.#bytes = this.#emptyFrames = 0;
  }

  /** Begins to discard the rest of a reply. */
  begin(): void {
    this.#reply = {
      pace: new ReplyPace(this.#limits, () => this.#sink.drips()),
      quiet: setTimeout(() => this.#sink.over(), QUIET_MS),
    };
  }

  /** Takes a frame's bytes. @returns why a relay would not send that; undefined if it may */
  take(kind: string, bytes: number): string | undefined {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.maxMessageBytes + FRAMING_BYTES)
      return 'it goes on with a reply that no caller waits for';
    if (kind !== 'D' && ++this.#emptyFrames > MOST_EMPTY_FRAMES)
      return 'it goes on though no caller waits for anything';
    if (kind === 'D') {
      this.#reply?.pace.more(bytes, this.#bytes, undefined);
      this.#reply?.quiet.refresh();
    } else if (this.#reply && (kind === 'E' || kind === 'L')) this.#sink.over();
    return undefined;
  }

  /** Stops reading. */
  end(): void {
    this.#reply?.pace.end();
    clearTimeout(this.#reply?.quiet);
    this.#reply = undefined;
  }
}
