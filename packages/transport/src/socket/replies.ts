// The replies of a listener's connection on their way out. On a kept connection they wait until what its host has sent was
// read: a host that has left without reading them answers each with a reset, and its requests, which are still in
// the system's hands on either side, would be lost with it.
import type { Socket } from 'node:net';
import { bytesOf, type Message } from '../message.ts';
import { LONGEST_MS } from './timer.ts';

/** A reply to bytes that came no longer ago than this is written at once. */
const FRESH_MS = 0.1;
/** How long replies wait for a host that does not stop sending. */
const WITHHELD_MS = 500;
/** How soon they are looked at again while nothing is read. */
const BLIND_MS = 5;

export class Replies {
  readonly #socket: Socket;
  readonly #takeMs: number;
  readonly #isReading: () => boolean;
  readonly #left: () => void;
  #parts: Uint8Array[] = [];
  #withheldBytes = 0;
  #unsentBytes = 0;
  #heardAt = 0;
  /** Whether anything came since the event loop last came round. */
  #heard = true;
  #failed = false;
  #patience = 0;
  #looking = false;

  /**
   * @param isReading whether the connection is being read
   * @param left called each time when all that was written is in the system's hands, later than the call that wrote it
   */
  constructor(socket: Socket, takeMs: number, isReading: () => boolean, left: () => void) {
    this.#socket = socket;
    this.#takeMs = takeMs;
    this.#isReading = isReading;
    this.#left = left;
  }

  /** Bytes that were written, and not yet taken by the system. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#unsentBytes + this.#withheldBytes;
  }

  /** Whether some of them were refused by the system, because nobody is there to take them. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Bytes came from the host. */
  heard(): void {
    this.#heard = true;
    this.#heardAt = performance.now();
  }

  /** Writes a reply: at once, once the connection has been read, or `soon`, which is at once where it was read a moment ago. */
  add(parts: Message, when: 'at once' | 'soon' | 'once read'): void {
    if (parts.length === 0) return;
    for (const part of parts) this.#parts.push(part);
    this.#withheldBytes += bytesOf(parts);
    const now = performance.now();
    const isFresh = this.#parts.length === parts.length && now - this.#heardAt < FRESH_MS;
    if (when === 'at once' || (when === 'soon' && isFresh)) this.flush();
    else if (!this.#looking) {
      this.#patience = now + WITHHELD_MS;
      this.#heard = true;
      this.#look();
    }
  }

  /** Writes what waits. */
  flush(): void {
    const parts = this.#parts;
    if (parts.length === 0) return;
    const socket = this.#socket;
    let bytes = this.#withheldBytes;
    this.#parts = [];
    this.#withheldBytes = 0;
    this.#unsentBytes += bytes;
    const last = parts.length - 1;
    const taken = (error?: Error | null): void => {
      if (error) this.#failed = true;
      else if (bytes > 0) this.#taken(bytes);
    };
    socket.cork();
    for (const [i, part] of parts.entries()) socket.write(part, i === last ? taken : undefined);
    socket.uncork();
    if (socket.writableLength === 0) {
      this.#unsentBytes -= bytes;
      bytes = 0;
    } else if (this.#takeMs !== Number.POSITIVE_INFINITY) socket.setTimeout(Math.min(this.#takeMs, LONGEST_MS));
  }

  /** Nobody will take what there is. */
  drop(): void {
    this.#parts = [];
    this.#withheldBytes = 0;
    this.#unsentBytes = 0;
  }

  #taken(bytes: number): void {
    this.#unsentBytes = Math.max(0, this.#unsentBytes - bytes);
    if (this.#unsentBytes > 0 || this.#socket.destroyed) return;
    this.#socket.setTimeout(0);
    this.#left();
  }

  /** Once round the event loop: between its timers and this it reads what there is to read. */
  #look(): void {
    this.#looking = true;
    const look = (): void => {
      this.#looking = false;
      if (this.#parts.length === 0) return;
      const isReading = this.#isReading();
      if (performance.now() < this.#patience && (this.#heard || !isReading)) {
        this.#heard = !isReading;
        this.#look();
      } else {
        this.flush();
        if (this.#unsentBytes === 0) this.#left();
      }
    };
    if (this.#isReading()) setImmediate(look);
    else setTimeout(look, BLIND_MS);
  }
}
