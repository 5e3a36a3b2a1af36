// The bytes that a listener's connection has received: the requests that came whole and wait for their turn, and the beginning of the
// next one. An error in the stream is kept until the requests in front of it have been answered.

import { headWith } from '../exchange/head.ts';
import type { FrameDecoder } from '../framing/framing.ts';

/** The most whole requests of one connection that wait. */
const MOST_WAITING = 1024;

export class Incoming {
  readonly #decoder: FrameDecoder;
  readonly #oneMessage: boolean;
  readonly #listens: () => boolean;
  #requests: Uint8Array[] = [];
  #requestBytes = 0;
  #any = false;
  #head: Uint8Array | undefined;
  #ended = false;
  #endAsked = false;
  #broken: { readonly error: unknown } | undefined;

  /** @param listens returns whether it is the other end's turn */
  constructor(decoder: FrameDecoder, oneMessage: boolean, listens: () => boolean) {
    this.#decoder = decoder;
    this.#oneMessage = oneMessage;
    this.#listens = listens;
  }

  /** Requests that came whole and wait. */
  get waiting(): number {
    return this.#requests.length;
  }

  /** Bytes of the request that is not whole. */
  get partBytes(): number {
    return this.#decoder.pendingBytes;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#requestBytes + this.#decoder.pendingBytes;
  }

  /** The first bytes of the first request, until it is whole: they tell what the caller speaks. */
  get head(): Uint8Array | undefined {
    return this.#head;
  }

  /** True if nothing more is read: everything came that may come, or the bytes that came are not a frame. */
  get over(): boolean {
    return this.#broken !== undefined || this.#endAsked || (this.#oneMessage && this.#any);
  }

  /** True if no more requests may wait. */
  get full(): boolean {
    return this.#requests.length >= MOST_WAITING;
  }

  /** The error in the bytes behind the requests that wait. */
  get broken(): { readonly error: unknown } | undefined {
    return this.#broken;
  }

  push(chunk: Uint8Array): void {
    if (this.over) return;
    if (!this.#any) this.#head = headWith(this.#head, chunk);
    this.#take(() => this.#decoder.push(chunk));
    this.#pull();
  }

  /** Says that no more bytes will come. */
  end(): void {
    this.#ended = true;
    this.#pull();
  }

  /** Returns the next request, if one has come. */
  next(): Uint8Array | undefined {
    const request = this.#requests.shift();
    if (request) this.#requestBytes -= request.length;
    this.#pull();
    return request;
  }

  /** Forgets all that has come. */
  drop(): void {
    this.#requests = [];
    this.#requestBytes = 0;
    this.#endAsked = true;
  }

  #pull(): void {
    while (!this.over && !this.full) {
      if (this.#take(() => this.#decoder.push())) continue;
      if (!this.#ended || this.over || !this.#listens()) return;
      this.#endAsked = true;
      this.#take(() => this.#decoder.end());
    }
  }

  #take(next: () => Uint8Array | undefined): boolean {
    try {
      const request = next();
      if (!request) return false;
      this.#any = true;
      this.#head = undefined;
      this.#requests.push(request);
      this.#requestBytes += request.length;
      return true;
    } catch (error) {
      this.#broken = { error };
      return false;
    }
  }
}
