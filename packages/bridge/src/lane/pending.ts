// One message in progress on a lane: its place in the lane's order, and the bytes of its reply, which arrive even if its caller has
// aborted. The Exchange of @bridge/transport settles the caller's promise. No I/O.
import type { ExchangeOptions, FrameDecoder } from '@bridge/transport';
import { Exchange } from '@bridge/transport/internal';

/** Reads a reply into the memory that a decoder gives, before it returns or before its promise resolves. */
export type Fetch = (decoder: FrameDecoder, whole: (reply: Uint8Array) => void) => Promise<void> | undefined;

export class Pending {
  /** The number of the pair of files that the host lends the model for this message: one for the request, one for the reply; 0 for none. */
  slot = 0;
  /** The number of the message on its connection, from 1; 0 until the message is sent. */
  sequence = 0;
  /** The number of bytes of the reply that have arrived, those after an abort included. */
  replyBytes = 0;
  readonly #exchange: Exchange;
  /** Set while a fetch is in progress. Bytes that arrive behind it have to wait for it. */
  #fetching: Promise<void> | undefined;
  #reached = false;

  constructor(address: string, decoder: FrameDecoder, options: ExchangeOptions) {
    this.#exchange = new Exchange({ address }, decoder, options);
  }

  /** Resolves with the reply. */
  get reply(): Promise<Uint8Array> {
    return this.#exchange.reply;
  }

  /** True once nobody waits for the reply: the message was answered or rejected, or its caller has aborted. */
  get settled(): boolean {
    return this.#exchange.settled;
  }

  /** True once the caller has the reply. */
  get answered(): boolean {
    return this.#exchange.answered;
  }

  /** True while a part of the reply has arrived and the rest has not, and if more has arrived than the reply has. */
  get isComing(): boolean {
    return this.replyBytes > (this.settled ? this.#exchange.replyBytes : 0);
  }

  /** The size of the reply with its framing, if it is known and while the caller waits. */
  get wholeBytes(): number | undefined {
    return this.#exchange.wholeBytes;
  }

  /** Called when the message may have reached the model. */
  reached(): void {
    if (this.#reached) return;
    this.#reached = true;
    this.#exchange.reportStep('connected');
    this.#exchange.reportStep('sent');
  }

  /** Resolves when the fetches in progress are over; undefined if there are none. */
  get fetching(): Promise<void> | undefined {
    return this.#fetching;
  }

  /** Takes bytes of the reply. The caller may overwrite them afterwards. */
  push(bytes: Uint8Array): void {
    if (!this.#fetching) {
      this.#pushed(bytes);
      return;
    }
    const kept = this.settled ? bytes : bytes.slice();
    this.#behind(() => this.#pushed(kept));
  }

  /** Returns memory for the next bytes of the reply; undefined if they cannot be read into it now. */
  space(): Uint8Array | undefined {
    return this.settled || this.#fetching ? undefined : this.#exchange.space();
  }

  /** Takes bytes that were written to the front of `space()`. They are dropped if the caller has aborted since. */
  filled(bytes: number): void {
    this.replyBytes += bytes;
    try {
      this.#wholeIf(this.#exchange.filled(bytes));
    } catch (error) {
      this.reject(error);
    }
  }

  /** Fetches bytes of the reply from a file. */
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

  /** Ends the reply. If it is not complete, the message is rejected with the error that `unanswered` returns. */
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
