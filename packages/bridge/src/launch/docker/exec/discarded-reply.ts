// What a relay says for nobody: the rest of a reply that was given up, or is of no use. It is read all the same, for the model's sake; and
// as the container is the model's, it has bounds: in bytes, in frames, and in its pace.
import type { ReplyLimits } from '@bridge/transport';
import { ReplyPace } from '@bridge/transport/tcp';

/** Bytes that a framing may add to the largest message. */
const FRAMING_BYTES = 2 ** 20;
/** Behind a message that was given up there is an end, or an error, and no more. */
const MOST_STRAYS = 100;
/** Milliseconds for which the relay may pause before the rest counts as ended. */
const QUIET_MS = 1000;

/** Who is told how the unwanted rest of a reply ends. */
export interface DiscardedReplySink {
  /** It has come to its end, or to a long pause. */
  over(): void;
  /** The rest comes too slowly. */
  drips(): void;
}

export class DiscardedReply {
  readonly #limits: ReplyLimits;
  readonly #sink: DiscardedReplySink;
  #bytes = 0;
  /** Frames without bytes. */
  #strays = 0;
  /** Set while a reply comes that is of no use. */
  #reply: { readonly pace: ReplyPace; readonly quiet: NodeJS.Timeout } | undefined;

  constructor(limits: ReplyLimits, sink: DiscardedReplySink) {
    this.#limits = limits;
    this.#sink = sink;
  }

  /** A message is sent: what comes before the relay has it is of another. */
  reset(): void {
    this.#bytes = this.#strays = 0;
  }

  /** From now on comes the rest of a reply that is of no use. */
  begin(): void {
    this.#reply = {
      pace: new ReplyPace(this.#limits, () => this.#sink.drips()),
      quiet: setTimeout(() => this.#sink.over(), QUIET_MS),
    };
  }

  /** A frame's bytes. @returns why no relay says that; undefined where it may */
  take(kind: string, bytes: number): string | undefined {
    this.#bytes += bytes;
    if (this.#bytes > this.#limits.maxMessageBytes + FRAMING_BYTES)
      return 'it goes on with a reply that nobody waits for';
    if (kind !== 'D' && ++this.#strays > MOST_STRAYS) return 'it goes on though nobody waits for anything';
    if (kind === 'D') {
      this.#reply?.pace.more(bytes, this.#bytes, undefined);
      this.#reply?.quiet.refresh();
    } else if (this.#reply && (kind === 'E' || kind === 'L')) this.#sink.over();
    return undefined;
  }

  /** Nothing of it is read any more. */
  end(): void {
    this.#reply?.pace.end();
    clearTimeout(this.#reply?.quiet);
    this.#reply = undefined;
  }
}
