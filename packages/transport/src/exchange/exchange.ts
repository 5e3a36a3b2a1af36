// One request that waits for its reply, on any kind of connection. The connection, which is the owner of the exchange, passes in the bytes
// of the reply as they arrive. This class decodes and counts them, calls the caller's `progress`, and settles the caller's promise once. It
// has no socket: only the owner closes the connection.
import { withAddress } from '../errors/with-address.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import type { ExchangeOptions, ExchangeStep } from './carrier.ts';
import { SHOWN_BYTES, withFirstBytes } from './first-bytes.ts';
import { trailingError } from './reply-errors.ts';
import type { ReplyLimits } from './reply-limits.ts';
import { CheckedReplyPace } from './reply-pace.ts';

/** The connection of exchanges: the same object for each of its exchanges. */
export interface ExchangeOwner {
  /** The peer's address, for errors. */
  readonly address: string;
  /** True if `progress` gets the first bytes of the reply. */
  readonly showsHead?: boolean;
  /** The limits that `keepPace` checks, and that were checked themselves. Without them, `keepPace` does nothing. */
  readonly limits?: ReplyLimits | undefined;
  /** Called when the caller's signal aborts before the exchange is settled. The exchange is rejected right after. */
  aborted?(exchange: Exchange): void;
  /** Called with TRANSPORT_TOO_SLOW when a reply arrives more slowly than `limits` allow. */
  tooSlow?(error: unknown): void;
  /** Returns the number of bytes after a whole reply that may not be there. Default: all bytes in the decoder. */
  trailingBytes?(): number;
}

export class Exchange {
  /** Settles when `resolve` or `reject` is called; rejects with the signal's reason when it aborts. */
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
  /** Set while a reply arrives whose first chunk was not the whole. */
  #pace: CheckedReplyPace | undefined;

  /** @param options the options of the exchange; a signal must not have aborted yet */
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
      // A signal that the user has made may fire more than once.
      if (this.#settled) return;
      owner.aborted?.(this);
      this.reject(signal.reason);
    };
    signal.addEventListener('abort', this.#abort, { once: true });
  }

  /** True once the promise `reply` is settled. */
  get settled(): boolean {
    return this.#settled;
  }

  /** True once the promise `reply` is resolved. */
  get answered(): boolean {
    return this.#answered;
  }

  /** The bytes of the reply that have arrived before the exchange was settled, framing included. */
  get replyBytes(): number {
    return this.#replyBytes;
  }

  /** The bytes of the whole reply and its framing, once they are known and until the exchange is settled. */
  get wholeBytes(): number | undefined {
    return this.#settled ? undefined : this.#decoder.wholeBytes;
  }

  /** Calls the caller's `progress` with a step. */
  reportStep(step: ExchangeStep): void {
    if (!this.#settled) this.#options.progress?.(step);
  }

  /** Returns memory for the next bytes of the reply. */
  space(): Uint8Array {
    return this.#decoder.space();
  }

  /**
   * Takes bytes of the reply that were written to the front of the memory that `space` returned.
   * @param memory the same memory, for an owner with `showsHead`
   * @returns the reply, if it is whole. The owner then has to call `resolve`
   * @throws TransportError TRANSPORT_BAD_FRAME if bytes follow the reply; what the decoder throws, with the address
   */
  filled(bytes: number, memory?: Uint8Array): Uint8Array | undefined {
    if (this.#settled) return undefined;
    this.#arrived(bytes, memory);
    try {
      return this.#whole(this.#decoder.filled(bytes));
    } catch (error) {
      throw this.#broken(error);
    }
  }

  /** Takes a chunk of the reply that is in other memory than `space` returned. Returns and throws what `filled` does. */
  push(chunk: Uint8Array): Uint8Array | undefined {
    if (this.#settled) return undefined;
    this.#arrived(chunk.length, chunk);
    try {
      return this.#whole(this.#decoder.push(chunk));
    } catch (error) {
      throw this.#broken(error);
    }
  }

  /**
   * Counts bytes of the reply that the owner has to read from elsewhere, and calls `read` for that. `read` passes them to the decoder, now
   * or later, and calls `whole` with the reply.
   * @returns what `read` returns; undefined, without a call of `read`, if the exchange is settled
   */
  pull<T>(bytes: number, read: (decoder: FrameDecoder, whole: (reply: Uint8Array) => void) => T): T | undefined {
    if (this.#settled) return undefined;
    this.#arrived(bytes);
    return read(this.#decoder, (reply) => {
      try {
        if (this.#whole(reply)) this.resolve(reply);
      } catch (error) {
        this.reject(error);
      }
    });
  }

  /** Counts bytes of a reply that was refused, and reports them to `progress`. They are not decoded. */
  drop(bytes: number, memory?: Uint8Array): void {
    if (!this.#settled) this.#arrived(bytes, memory);
  }

  /** Checks the pace of the reply from now on. Call it whenever `bytes` bytes have arrived and the reply is not whole. */
  keepPace(bytes: number): void {
    const { limits } = this.#owner;
    if (this.#settled || !limits) return;
    this.#pace ??= new CheckedReplyPace(limits, (error) =>
      this.#owner.tooSlow?.(withAddress(this.#owner.address, error)),
    );
    this.#pace.more(bytes, this.#replyBytes, this.#decoder.wholeBytes);
  }

  /**
   * Called when the stream has ended.
   * @returns the reply, if it ends with the stream; undefined if there is none
   * @throws what the decoder throws for a reply that is not whole
   */
  end(): Uint8Array | undefined {
    const reply = this.#decoder.end();
    return this.#replyBytes > 0 ? reply : undefined;
  }

  /** Resolves `reply`. Returns false if the exchange was settled before. */
  resolve(reply: Uint8Array): boolean {
    if (!this.#settle()) return false;
    this.#answered = true;
    this.#resolve(reply);
    return true;
  }

  /** Rejects `reply`. Returns false if the exchange was settled before. */
  reject(error: unknown): boolean {
    if (!this.#settle()) return false;
    this.#reject(error);
    return true;
  }

  #arrived(bytes: number, memory?: Uint8Array): void {
    const { progress } = this.#options;
    if (progress) {
      if (memory && this.#replyBytes < SHOWN_BYTES && this.#owner.showsHead)
        this.#head = withFirstBytes(this.#head, memory.subarray(0, bytes));
      progress('reading', this.#head);
    }
    this.#replyBytes += bytes;
  }

  /** Returns a whole reply after a check that no bytes follow it. */
  #whole(reply: Uint8Array | undefined): Uint8Array | undefined {
    if (!reply) return undefined;
    const trailing = this.#owner.trailingBytes?.() ?? this.#decoder.pendingBytes;
    if (trailing > 0) throw trailingError(this.#owner.address, reply.length, trailing);
    return reply;
  }

  /** Ends the check of the pace, because the decoder has failed. Returns its error with the address. */
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
