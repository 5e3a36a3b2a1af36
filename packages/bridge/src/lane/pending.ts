// One message under way on a lane: what its caller waits for, and what came of its reply. Pure.
import { type ExchangeOptions, type ExchangeStep, type FrameDecoder, TransportError } from '@bridge/transport';

/** Reads a reply into the memory that a decoder gives, at once or soon. */
export type Fetch = (decoder: FrameDecoder, whole: (reply: Uint8Array) => void) => Promise<void> | undefined;

export class Pending {
  readonly reply: Promise<Uint8Array>;
  /** Its pair of files in lent memory; 0: none. */
  slot = 0;
  /** Counts the connection's requests; 0 until it is sent. */
  sequence = 0;
  replyBytes = 0;
  readonly #address: string;
  readonly #decoder: FrameDecoder;
  readonly #options: ExchangeOptions;
  /** A fetch under way: what comes behind it has to wait. */
  #fetching: Promise<void> | undefined;
  #resolve!: (reply: Uint8Array) => void;
  #reject!: (error: unknown) => void;
  #settled = false;
  /** Bytes of its reply that had come when it was settled. */
  #settledBytes = 0;
  #answered = false;
  #reached = false;

  constructor(address: string, decoder: FrameDecoder, options: ExchangeOptions) {
    this.#address = address;
    this.#decoder = decoder;
    this.#options = options;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    options.signal?.addEventListener('abort', this.#abort, { once: true });
  }

  /** Whether nobody waits for it any more: it has been answered, or refused, or its caller has given up. */
  get settled(): boolean {
    return this.#settled;
  }

  /** Whether its reply is there, as far as anybody can tell. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Whether some of its reply has come, and the rest is due; or more than there was to come. */
  get isComing(): boolean {
    return this.replyBytes > (this.#settled ? this.#settledBytes : 0);
  }

  /** Bytes of its reply and what frames it, once they are known and as long as somebody wants it. */
  get wholeBytes(): number | undefined {
    return this.#settled ? undefined : this.#decoder.wholeBytes;
  }

  /** It has come into the model's reach. */
  reached(): void {
    if (this.#reached) return;
    this.#reached = true;
    this.#tell('connected');
    this.#tell('sent');
  }

  /** When nothing of its reply is being looked at any more; undefined where nothing is now. */
  get fetching(): Promise<void> | undefined {
    return this.#fetching;
  }

  /** Takes bytes of the reply, which are not kept. */
  push(bytes: Uint8Array): void {
    if (!this.#fetching) {
      this.#pushed(bytes);
      return;
    }
    const kept = this.#settled ? bytes : bytes.slice();
    this.#behind(() => this.#pushed(kept));
  }

  /** Where the next bytes of the reply may be read to. */
  space(): Uint8Array | undefined {
    return this.#settled || this.#fetching ? undefined : this.#decoder.space();
  }

  /** So many were. Its caller may have given up since: they are dropped then. */
  filled(bytes: number): void {
    if (!this.#taken(bytes)) return;
    try {
      this.#wholeIf(this.#decoder.filled(bytes));
    } catch (error) {
      this.reject(error);
    }
  }

  /** Fetches bytes of the reply that lie elsewhere. */
  fetch(bytes: number, fetch: Fetch): void {
    this.#behind(() => {
      this.replyBytes += bytes;
      if (this.#settled) return;
      this.#tell('reading');
      try {
        const fetching = fetch(this.#decoder, (reply) => this.#whole(reply));
        this.#fetching = fetching?.catch((error: unknown) => this.reject(error));
      } catch (error) {
        this.reject(error);
      }
    });
  }

  /** No more of the reply will come. `unanswered` makes the error for one that is not whole. */
  end(unanswered: (cause: unknown) => unknown): void {
    this.#behind(() => {
      if (this.#settled) return;
      try {
        const reply = this.#decoder.end();
        if (reply && this.replyBytes > 0) this.#whole(reply);
        else this.reject(unanswered(undefined));
      } catch (error) {
        this.reject(unanswered(error));
      }
    });
  }

  reject(error: unknown): void {
    if (this.#settle()) this.#reject(error);
  }

  readonly #abort = (): void => this.reject(this.#options.signal?.reason);

  #behind(run: () => void): void {
    if (this.#fetching) this.#fetching = this.#fetching.then(run).catch((error: unknown) => this.reject(error));
    else run();
  }

  #pushed(bytes: Uint8Array): void {
    if (!this.#taken(bytes.length)) return;
    try {
      this.#wholeIf(this.#decoder.push(bytes));
    } catch (error) {
      this.reject(error);
    }
  }

  /** Counts bytes of the reply. Returns whether somebody wants them. */
  #taken(bytes: number): boolean {
    this.replyBytes += bytes;
    this.#tell('reading');
    return !this.#settled;
  }

  #wholeIf(reply: Uint8Array | undefined): void {
    if (reply) this.#whole(reply);
  }

  #whole(reply: Uint8Array): void {
    const { pendingBytes } = this.#decoder;
    if (pendingBytes > 0) {
      const message = `${this.#address} sent ${pendingBytes} bytes behind a reply that says it has ${reply.length}`;
      const detail = { address: this.#address, replyBytes: reply.length, trailingBytes: pendingBytes };
      this.reject(new TransportError('TRANSPORT_BAD_FRAME', message, detail));
    } else if (this.#settle()) {
      this.#answered = true;
      this.#resolve(reply);
    }
  }

  #tell(step: ExchangeStep): void {
    if (!this.#settled) this.#options.progress?.(step);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#settledBytes = this.replyBytes;
    this.#options.signal?.removeEventListener('abort', this.#abort);
    return true;
  }
}
