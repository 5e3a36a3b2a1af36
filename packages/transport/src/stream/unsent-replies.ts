// The replies of a listener's connection that were not sent yet. If a caller sends many requests, reads no replies and closes the
// connection, its system answers the replies with a reset, and both systems discard the requests that were not read yet. So replies on a
// persistent connection wait until everything that the caller has sent was read: for a moment if the caller waits for each reply, as most
// do, and until it has been silent for a while if it sends one request after the other.
import type { Socket } from 'node:net';
import { LONGEST_MS } from '../exchange/long-timer.ts';
import { type Message, messageBytes } from '../framing/message.ts';

/** If the last bytes arrived no longer ago than this, a caller that waits for its reply gets it at once. */
const FRESH_MS = 0.1;
/** The first reply waits this long for another request, which shows whether the caller waits for replies. */
const FIRST_MS = 3;
/** A caller that sends one request after the other gets its replies once it has been silent for this long. */
const SILENT_MS = 50;
/** If such a caller sends more within this time after it got them, it has waited for them. */
const PROMPT_MS = 2;
/** Replies wait no longer than this for a caller that does not stop sending. Such a caller probably reads them at the same time. */
const WITHHELD_MS = 1000;
/** While the connection is not being read, replies that wait are checked at this interval. */
const BLIND_MS = 5;
/** The silence after which replies are sent, by the caller's manner. */
const SILENCE_MS = { unknown: FIRST_MS, 'sends on': SILENT_MS, waits: 0 };

export class UnsentReplies {
  readonly #socket: Socket;
  readonly #takeMs: number;
  readonly #isReading: () => boolean;
  readonly #left: () => void;
  #parts: Uint8Array[] = [];
  #withheldBytes = 0;
  #unsentBytes = 0;
  /** The time at which bytes last arrived. */
  #heardAt = 0;
  /** `waits`: the caller waits for a reply before it sends more. `sends on`: it does not wait. */
  #manner: keyof typeof SILENCE_MS = 'unknown';
  /** The time at which replies that had waited were last sent. */
  #flushedAt = 0;
  /** True if bytes have arrived since the last check. */
  #heard = true;
  #failed = false;
  /** The time until which the replies may wait. */
  #waitUntil = 0;
  #looking = false;

  /**
   * @param isReading returns true if the connection is being read
   * @param left called when the system has taken all replies, unless that was at once, inside of `add` or `flush`
   */
  constructor(socket: Socket, takeMs: number, isReading: () => boolean, left: () => void) {
    this.#socket = socket;
    this.#takeMs = takeMs;
    this.#isReading = isReading;
    this.#left = left;
  }

  /** The bytes that were written and that the system has not taken yet. */
  get unsentBytes(): number {
    return this.#unsentBytes;
  }

  /** The bytes in memory: those that wait, and those that the system has not taken yet. */
  get heldBytes(): number {
    return this.#unsentBytes + this.#withheldBytes;
  }

  /** True if the system could not send some of the replies, because the caller has gone. */
  get failed(): boolean {
    return this.#failed;
  }

  /** Called when bytes have arrived from the caller. */
  heard(): void {
    const now = performance.now();
    this.#heard = true;
    this.#heardAt = now;
    if (this.#manner === 'waits') return;
    if (this.#manner === 'sends on' && now - this.#flushedAt < PROMPT_MS) this.#manner = 'waits';
    else if (this.#parts.length > 0) this.#manner = 'sends on';
  }

  /**
   * Adds a reply. `once read`: it waits until all bytes were read. `soon`: it is sent at once if the connection was read a moment ago.
   * @throws TransportError TRANSPORT_BAD_MESSAGE if a part is no Uint8Array, because the framing that made the parts may be the user's
   */
  add(parts: Message, when: 'at once' | 'soon' | 'once read'): void {
    this.#withheldBytes += messageBytes(parts);
    if (parts.length === 0) return;
    for (const part of parts) this.#parts.push(part);
    const now = performance.now();
    if (when === 'once read' && this.#manner === 'unknown') this.#manner = 'sends on';
    const isFresh = this.#parts.length === parts.length && now - this.#heardAt < FRESH_MS;
    if (when === 'at once' || (when === 'soon' && isFresh && this.#manner === 'waits')) this.flush();
    else if (!this.#looking) {
      this.#waitUntil = now + WITHHELD_MS;
      // There may be bytes that were not read yet.
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

  /** Drops all replies, because the connection is closed. */
  drop(): void {
    this.#parts = [];
    this.#withheldBytes = 0;
    this.#unsentBytes = 0;
  }

  /** Called when the system has taken replies that were written. */
  #taken(bytes: number): void {
    this.#unsentBytes = Math.max(0, this.#unsentBytes - bytes);
    if (this.#unsentBytes > 0 || this.#socket.destroyed) return;
    this.#socket.setTimeout(0);
    this.#left();
  }

  /**
   * Sends the replies that wait if the caller is silent, else checks again later. The check is in an immediate after a timer, because the
   * event loop reads the sockets between the two.
   */
  #look(): void {
    this.#looking = true;
    const look = (): void => {
      this.#looking = false;
      if (this.#parts.length === 0) return;
      const isReading = this.#isReading();
      const now = performance.now();
      const mayWait = now < this.#waitUntil;
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
