// The replies of a listener's connection on their way out. If a host sends requests, reads no replies and closes, its system answers the
// replies with a reset, and both systems throw away the requests that are still on their way. So replies on a kept connection wait
// until everything that the host has sent was read: a moment if the host waits for replies, as most do, and until the host has been
// silent for a while if it sends one request behind the other.
import type { Socket } from 'node:net';
import { LONGEST_MS } from '../exchange/timer.ts';
import { bytesOf, type Message } from '../framing/message.ts';

/** A reply to bytes that came no longer ago than this is written at once to a host that waits for it. */
const FRESH_MS = 0.1;
/** The first reply waits so long for the next request, which tells whether the host waits for replies. */
const FIRST_MS = 3;
/** A host that sends one request behind the other gets its replies once it has been silent for so long. */
const SILENT_MS = 50;
/** If the host goes on within this time after it got them, it had been waiting for them. */
const PROMPT_MS = 2;
/** Replies wait so long for a host that does not stop sending: another part of it reads them. */
const WITHHELD_MS = 1000;
/** Replies are looked at again after so long while nothing is read. */
const BLIND_MS = 5;
const SILENCE_MS = { unknown: FIRST_MS, 'sends on': SILENT_MS, waits: 0 };

export class Replies {
  readonly #socket: Socket;
  readonly #takeMs: number;
  readonly #isReading: () => boolean;
  readonly #left: () => void;
  #parts: Uint8Array[] = [];
  #withheldBytes = 0;
  #unsentBytes = 0;
  #heardAt = 0;
  /** The host's manner, as far as it is known: it waits for a reply before it sends more, or it does not. */
  #manner: keyof typeof SILENCE_MS = 'unknown';
  #flushedAt = 0;
  /** True if bytes came since the last look. */
  #heard = true;
  #failed = false;
  #patience = 0;
  #looking = false;

  /**
   * @param isReading returns whether the connection is being read
   * @param left called each time when the system has taken all that was written, later than the call that wrote it
   */
  constructor(socket: Socket, takeMs: number, isReading: () => boolean, left: () => void) {
    this.#socket = socket;
    this.#takeMs = takeMs;
    this.#isReading = isReading;
    this.#left = left;
  }

  /** Bytes that were written and that the system has not taken yet. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  /** Bytes in memory. */
  get heldBytes(): number {
    return this.#unsentBytes + this.#withheldBytes;
  }

  /** True if the system refused some of the replies, because the host is not there any more. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Bytes came from the host. */
  heard(): void {
    const now = performance.now();
    this.#heard = true;
    this.#heardAt = now;
    if (this.#manner === 'waits') return;
    if (this.#manner === 'sends on' && now - this.#flushedAt < PROMPT_MS) this.#manner = 'waits';
    else if (this.#parts.length > 0) this.#manner = 'sends on';
  }

  /** Writes a reply: at once, once the connection has been read, or `soon`, which is at once if it was read a moment ago. */
  add(parts: Message, when: 'at once' | 'soon' | 'once read'): void {
    if (parts.length === 0) return;
    for (const part of parts) this.#parts.push(part);
    this.#withheldBytes += bytesOf(parts);
    const now = performance.now();
    if (when === 'once read' && this.#manner === 'unknown') this.#manner = 'sends on';
    const isFresh = this.#parts.length === parts.length && now - this.#heardAt < FRESH_MS;
    if (when === 'at once' || (when === 'soon' && isFresh && this.#manner === 'waits')) this.flush();
    else if (!this.#looking) {
      this.#patience = now + WITHHELD_MS;
      // There may be bytes to read that nobody has looked at.
      this.#heard = this.#manner === 'waits';
      this.#look();
    }
  }

  /** Writes the replies that wait. */
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

  /** Forgets all replies: nobody will take them. */
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

  /** Looks whether the host is silent, once the event loop has come round: between its timers and its immediates it reads the sockets. */
  #look(): void {
    this.#looking = true;
    const look = (): void => {
      this.#looking = false;
      if (this.#parts.length === 0) return;
      const isReading = this.#isReading();
      const now = performance.now();
      const mayWait = now < this.#patience;
      if (mayWait && (this.#heard || !isReading)) {
        this.#heard = !isReading;
        this.#look();
        return;
      }
      if (!mayWait || this.#manner === 'unknown') this.#manner = 'waits';
      this.#flushedAt = now;
      this.flush();
      if (this.#unsentBytes === 0) this.#left();
    };
    const silenceMs = this.#isReading() ? SILENCE_MS[this.#manner] : BLIND_MS;
    if (silenceMs === 0) setImmediate(look);
    else setTimeout(() => setImmediate(look), silenceMs);
  }
}
