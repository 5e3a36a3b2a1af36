// One request that waits for its reply, whatever carries the two. The owner, which is a connection, feeds in the bytes of the reply
// as they come. This class decodes and counts them, tells the caller how far the exchange is, and settles the caller's promise once.
// No sockets here: what becomes of a connection is for its owner to decide.
import { withAddress } from '../errors/with-address.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import type { ExchangeOptions, ExchangeStep } from './carrier.ts';
import { HEAD_BYTES, headWith } from './head.ts';
import { trailingError } from './lost.ts';
import type { ReplyLimits } from './reply-limits.ts';
import { ReplyPace } from './reply-pace.ts';

/** The connection on which requests are exchanged: the same object for each of its exchanges. */
export interface ExchangeOwner {
  /** The peer's address, for errors. */
  readonly address: string;
  /** True if a caller that is told of steps gets the first bytes of the reply with them. */
  readonly showsHead?: boolean;
  /** The pace that `keepPace` holds a reply to. */
  readonly limits?: Partial<ReplyLimits> | undefined;
  /** Called when the caller's signal aborts while the exchange is under way. The exchange is rejected right after. */
  aborted?(exchange: Exchange): void;
  /** Called with TRANSPORT_TOO_SLOW when a reply is slower than `limits` allow. */
  tooSlow?(error: unknown): void;
  /** Returns how many of the bytes behind a whole reply do not belong there. Default: all that the decoder holds. */
  trailingBytes?(): number;
}

export class Exchange {
  /** Resolves with the reply; rejects as the owner says, or with the signal's reason. */
  readonly reply: Promise<Uint8Array>;
  readonly #owner: ExchangeOwner;
  readonly #decoder: FrameDecoder;
  readonly #options: ExchangeOptions;
  #resolve!: (reply: Uint8Array) => void;
  #reject!: (error: unknown) => void;
  #abort: (() => void) | undefined;
  #settled = false;
  #answered = false;
  #replyBytes = 0;
  #head: Uint8Array | undefined;
  /** Set while a reply comes that was not whole at once. */
  #pace: ReplyPace | undefined;

  /** @param options with a signal that is not aborted yet */
  constructor(owner: ExchangeOwner, decoder: FrameDecoder, options: ExchangeOptions) {
    this.#owner = owner;
    this.#decoder = decoder;
    this.#options = options;
    this.reply = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    const { signal } = options;
    if (!signal) return;
    this.#abort = () => {
      // A signal of the caller's own making may fire again.
      if (this.#settled) return;
      owner.aborted?.(this);
      this.reject(signal.reason);
    };
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** True once the caller has its reply, an error, or has given up. */
  get settled(): boolean {
    return this.#settled;
  }

  /** True once the caller has its reply. */
  get answered(): boolean {
    return this.#answered;
  }

  /** Bytes of the reply that came before the exchange was settled, framing included. */
  get replyBytes(): number {
    return this.#replyBytes;
  }

  /** Bytes of the reply and its framing, once they are known and while the caller waits. */
  get wholeBytes(): number | undefined {
    return this.#settled ? undefined : this.#decoder.wholeBytes;
  }

  /** Tells the caller of a step. */
  tell(step: ExchangeStep): void {
    if (!this.#settled) this.#options.progress?.(step);
  }

  /** Returns memory for the next bytes of the reply. */
  space(): Uint8Array {
    return this.#decoder.space();
  }

  /**
   * Takes bytes that were written to the front of the memory that the decoder lent.
   * @param memory the same memory, for an owner that `showsHead`
   * @returns the reply, if it is whole: the exchange settles when the owner calls `resolve`
   * @throws TransportError TRANSPORT_BAD_FRAME for bytes behind the reply; what the decoder throws, with the address
   */
  filled(bytes: number, memory?: Uint8Array): Uint8Array | undefined {
    if (this.#settled) return undefined;
    this.#came(bytes, memory);
    try {
      return this.#whole(this.#decoder.filled(bytes));
    } catch (error) {
      throw this.#broken(error);
    }
  }

  /** Takes a chunk of the reply; the same as `filled` besides. */
  push(chunk: Uint8Array): Uint8Array | undefined {
    if (this.#settled) return undefined;
    this.#came(chunk.length, chunk);
    try {
      return this.#whole(this.#decoder.push(chunk));
    } catch (error) {
      throw this.#broken(error);
    }
  }

  /**
   * Takes bytes of the reply that lie elsewhere. `read` fills the decoder with them, now or later, and calls `whole` with the reply.
   * @returns what `read` returns; undefined, with nothing read, if the exchange is settled
   */
  pull<T>(bytes: number, read: (decoder: FrameDecoder, whole: (reply: Uint8Array) => void) => T): T | undefined {
    if (this.#settled) return undefined;
    this.#came(bytes);
    return read(this.#decoder, (reply) => {
      try {
        if (this.#whole(reply)) this.resolve(reply);
      } catch (error) {
        this.reject(error);
      }
    });
  }

  /** Takes bytes of a reply that was refused: they are counted and shown, and nothing else. */
  drop(bytes: number, memory?: Uint8Array): void {
    if (!this.#settled) this.#came(bytes, memory);
  }

  /** Holds the rest of the reply to `limits`, after `bytes` came that have not made it whole. */
  keepPace(bytes: number): void {
    if (this.#settled) return;
    this.#pace ??= new ReplyPace(this.#owner.limits, (error) =>
      this.#owner.tooSlow?.(withAddress(this.#owner.address, error)),
    );
    this.#pace.more(bytes, this.#replyBytes, this.#decoder.wholeBytes);
  }

  /**
   * Says that no more bytes will come.
   * @returns the reply, if only the end makes it whole; undefined if there is none
   * @throws what the decoder throws for a reply that is not whole
   */
  end(): Uint8Array | undefined {
    const reply = this.#decoder.end();
    return this.#replyBytes > 0 ? reply : undefined;
  }

  /** Returns false if the exchange was settled before. */
  resolve(reply: Uint8Array): boolean {
    if (!this.#settle()) return false;
    this.#answered = true;
    this.#resolve(reply);
    return true;
  }

  /** Returns false if the exchange was settled before. */
  reject(error: unknown): boolean {
    if (!this.#settle()) return false;
    this.#reject(error);
    return true;
  }

  #came(bytes: number, memory?: Uint8Array): void {
    const { progress } = this.#options;
    if (progress) {
      if (memory && this.#replyBytes < HEAD_BYTES && this.#owner.showsHead)
        this.#head = headWith(this.#head, memory.subarray(0, bytes));
      progress('reading', this.#head);
    }
    this.#replyBytes += bytes;
  }

  #whole(reply: Uint8Array | undefined): Uint8Array | undefined {
    if (!reply) return undefined;
    const trailing = this.#owner.trailingBytes?.() ?? this.#decoder.pendingBytes;
    if (trailing > 0) throw trailingError(this.#owner.address, reply.length, trailing);
    return reply;
  }

  /** The decoder is of no further use: the pace of what still comes is the owner's concern. */
  #broken(error: unknown): unknown {
    this.#pace?.end();
    return withAddress(this.#owner.address, error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    this.#pace?.end();
    if (this.#abort) this.#options.signal?.removeEventListener('abort', this.#abort);
    return true;
  }
}
