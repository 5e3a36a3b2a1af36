// One message under way on a lane: its place in the lane's order, and the bytes of its reply, which come even when its caller has given
// up. The Exchange of @bridge/transport tells its caller. Pure.
import type { ExchangeOptions, FrameDecoder } from '@bridge/transport';
import { Exchange } from '@bridge/transport/internal';

/** Reads a reply into the memory that a decoder gives, now or later. */
export type Fetch = (decoder: FrameDecoder, whole: (reply: Uint8Array) => void) => Promise<void> | undefined;

export class Pending {
  /** The pair of files in lent memory that the message has; 0 if it has none. */
  slot = 0;
  /** Counts the connection's requests; 0 until the message is sent. */
  sequence = 0;
  /** Bytes of the reply that came, also after the caller gave up. */
  replyBytes = 0;
  readonly #exchange: Exchange;
  /** A fetch under way: the bytes behind it have to wait. */
  #fetching: Promise<void> | undefined;
  #reached = false;

  constructor(address: string, decoder: FrameDecoder, options: ExchangeOptions) {
    this.#exchange = new Exchange({ address }, decoder, options);
  }

  /** Resolves with the reply. */
  get reply(): Promise<Uint8Array> {
    return this.#exchange.reply;
  }

  /** True once nobody waits for the message: it was answered or refused, or its caller gave up. */
  get settled(): boolean {
    return this.#exchange.settled;
  }

  /** True once the caller has the reply. */
  get answered(): boolean {
    return this.#exchange.answered;
  }

  /** True while the rest of a reply is due of which some has come, and if more has come than there was to come. */
  get isComing(): boolean {
    return this.replyBytes > (this.settled ? this.#exchange.replyBytes : 0);
  }

  /** Bytes of the reply and its framing, once they are known and while somebody waits. */
  get wholeBytes(): number | undefined {
    return this.#exchange.wholeBytes;
  }

  /** The message has come into the model's reach. */
  reached(): void {
    if (this.#reached) return;
    this.#reached = true;
    this.#exchange.reportStep('connected');
    this.#exchange.reportStep('sent');
  }

  /** Resolves when nothing of the reply is being read any more; undefined if nothing is now. */
  get fetching(): Promise<void> | undefined {
    return this.#fetching;
  }

  /** Takes bytes of the reply. They are not kept. */
  push(bytes: Uint8Array): void {
    if (!this.#fetching) {
      this.#pushed(bytes);
      return;
    }
    const kept = this.settled ? bytes : bytes.slice();
    this.#behind(() => this.#pushed(kept));
  }

  /** Returns memory for the next bytes of the reply; undefined if they cannot be read there now. */
  space(): Uint8Array | undefined {
    return this.settled || this.#fetching ? undefined : this.#exchange.space();
  }

  /** Takes bytes that were written to the front of `space()`. They are dropped if the caller has given up since. */
  filled(bytes: number): void {
    this.replyBytes += bytes;
    try {
      this.#wholeIf(this.#exchange.filled(bytes));
    } catch (error) {
      this.reject(error);
    }
  }

  /** Fetches bytes of the reply that lie elsewhere. */
  fetch(bytes: number, fetch: Fetch): void {
    this.#behind(() => {
      this.replyBytes += bytes;
      try {
        const fetching = this.#exchange.pull(bytes, fetch);
        this.#fetching = fetching?.catch((error: unknown) => this.reject(error));
      } catch (error) {
        this.reject(error);
      }
    });
  }

  /** Ends the reply. `unanswered` makes the error for a reply that is not whole. */
  end(unanswered: (cause: unknown) => unknown): void {
    this.#behind(() => {
      if (this.settled) return;
      try {
        const reply = this.#exchange.end();
        if (reply) this.#exchange.resolve(reply);
        else this.reject(unanswered(undefined));
      } catch (error) {
        this.reject(unanswered(error));
      }
    });
  }

  reject(error: unknown): void {
    this.#exchange.reject(error);
  }

  #behind(run: () => void): void {
    if (this.#fetching) this.#fetching = this.#fetching.then(run).catch((error: unknown) => this.reject(error));
    else run();
  }

  #pushed(bytes: Uint8Array): void {
    this.replyBytes += bytes.length;
    try {
      this.#wholeIf(this.#exchange.push(bytes));
    } catch (error) {
      this.reject(error);
    }
  }

  #wholeIf(reply: Uint8Array | undefined): void {
    if (reply) this.#exchange.resolve(reply);
  }
}
