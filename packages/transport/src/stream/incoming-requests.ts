// The bytes that a listener's connection has received: whole requests that wait to be handled, and the beginning of the next one. An error
// of the decoder is kept until the requests before it were answered.

import { withFirstBytes } from '../exchange/first-bytes.ts';
import type { FrameDecoder } from '../framing/framing.ts';

/** The most whole requests that wait on one connection. */
const MOST_WAITING = 1024;

export class IncomingRequests {
  readonly #decoder: FrameDecoder;
  readonly #oneMessage: boolean;
  readonly #listens: () => boolean;
  #requests: Uint8Array[] = [];
  #requestBytes = 0;
  /** True once a request was whole. */
  #hasRequest = false;
  #head: Uint8Array | undefined;
  /** True once the caller has closed its half. */
  #ended = false;
  /** True once the decoder's `end` was called, or everything was dropped. */
  #endAsked = false;
  #broken: { readonly error: unknown } | undefined;

  /** @param listens returns true if the caller may send now */
  constructor(decoder: FrameDecoder, oneMessage: boolean, listens: () => boolean) {
    this.#decoder = decoder;
    this.#oneMessage = oneMessage;
    this.#listens = listens;
  }

  /** The number of whole requests that wait. */
  get waiting(): number {
    return this.#requests.length;
  }

  /** The number of bytes that have arrived of the request that is not whole yet. */
  get partBytes(): number {
    return this.#decoder.pendingBytes;
  }

  /** The bytes in memory, of all requests. */
  get heldBytes(): number {
    return this.#requestBytes + this.#decoder.pendingBytes;
  }

  /** The first bytes of the first request, until it is whole: they show which framing the caller uses. */
  get head(): Uint8Array | undefined {
    return this.#head;
  }

  /** True if no more bytes are decoded: no more requests may follow, or the decoder has failed. */
  get over(): boolean {
    return this.#broken !== undefined || this.#endAsked || (this.#oneMessage && this.#hasRequest);
  }

  /** True if MOST_WAITING requests wait. */
  get full(): boolean {
    return this.#requests.length >= MOST_WAITING;
  }

  /** The decoder's error, which follows after the requests that wait. */
  get broken(): { readonly error: unknown } | undefined {
    return this.#broken;
  }

  /** Takes bytes that have arrived. */
  push(chunk: Uint8Array): void {
    if (this.over) return;
    if (!this.#hasRequest) this.#head = withFirstBytes(this.#head, chunk);
    this.#take(() => this.#decoder.push(chunk));
    this.#pull();
  }

  /** Called when the caller has closed its half. */
  end(): void {
    this.#ended = true;
    this.#pull();
  }

  /** Takes out the next request, if one waits. */
  next(): Uint8Array | undefined {
    const request = this.#requests.shift();
    if (request) this.#requestBytes -= request.length;
    this.#pull();
    return request;
  }

  /** Drops all requests, and all bytes that still arrive. */
  drop(): void {
    this.#requests = [];
    this.#requestBytes = 0;
    this.#endAsked = true;
  }

  /** Decodes the requests in the bytes that have arrived, as long as they may wait. */
  #pull(): void {
    while (!this.over && !this.full) {
      if (this.#take(() => this.#decoder.push())) continue;
      if (!this.#ended || this.over || !this.#listens()) return;
      this.#endAsked = true;
      this.#take(() => this.#decoder.end());
    }
  }

  /** Adds the request that `next` returns. Returns false if there is none, or `next` throws. */
  #take(next: () => Uint8Array | undefined): boolean {
    try {
      const request = next();
      if (!request) return false;
      this.#hasRequest = true;
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
