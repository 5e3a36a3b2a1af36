// The pace that a caller of a listener has to keep. There are time limits for the first byte of a connection, for each message that has
// begun to arrive, for the reading of a reply, and for the next message on a persistent connection.

import { Timer } from '../exchange/long-timer.ts';
import { platform } from '../exchange/platform.ts';
import { tooSlowError } from './limit-errors.ts';
import type { ListenLimits } from './listen-limits.ts';

/** The names of the limits on time. */
type TimeLimit = 'firstByteMs' | 'idleMs' | 'stallMs' | 'messageMs' | 'takeMs';

/** The time limits of one connection. Its methods are called when the connection's state changes. */
export class CallerPace {
  readonly #limits: ListenLimits;
  readonly #received: () => number;
  readonly #late: (error: unknown) => void;
  readonly #timer = new Timer();
  /** The time at which the message that is arriving began. */
  #begun: number | undefined;
  #since = platform.performance.now();
  #seen = 0;

  /**
   * @param received returns how many bytes of the unfinished message have arrived
   * @param late called with TRANSPORT_TOO_SLOW when a limit is exceeded
   */
  constructor(limits: ListenLimits, received: () => number, late: (error: unknown) => void) {
    this.#limits = limits;
    this.#received = received;
    this.#late = late;
    this.#expect('first byte', 'firstByteMs');
  }

  /** The time at which the connection's present state began. While a message arrives, the time from which its rate is measured. */
  get since(): number {
    return this.#since;
  }

  /** The bytes of the message that have arrived since `since`. */
  get movedBytes(): number {
    return this.#begun === undefined ? 0 : this.#received() - this.#seen;
  }

  /** Called when a part of a message has arrived: starts the limits for the rest, if they do not run yet. */
  more(): void {
    if (this.#begun !== undefined) return;
    this.#begun = platform.performance.now();
    // The first bytes are part of `movedBytes`; otherwise every message would seem slow at its beginning.
    this.#follow(this.#begun, 0, this.#received());
  }

  /** Called when a message has arrived whole, or no more bytes are expected: stops all limits. */
  rest(): void {
    this.#begun = undefined;
    this.#timer.stop();
  }

  /** Called when the system has taken a reply: starts the limit for the next message. */
  next(): void {
    this.#since = platform.performance.now();
    this.#expect('next message', 'idleMs');
  }

  /** Called when a reply is being sent, or no more requests are read: stops all limits. */
  sending(): void {
    this.#since = platform.performance.now();
    this.rest();
  }

  /** Called when the system has taken nothing of a reply for `takeMs`: calls `late`. `bytes` bytes of the reply are left. */
  untaken(bytes: number): void {
    this.#tooSlow('reply', 'takeMs', bytes);
  }

  /**
   * Measures the rate from now on. `seen` bytes of the message have arrived before. Those beyond `counted` are part of `movedBytes`.
   * @param begun the time at which the message began
   */
  #follow(begun: number, counted: number, seen: number): void {
    const { stallMs, stallBytes, messageMs } = this.#limits;
    this.#since = platform.performance.now();
    this.#seen = counted;
    const leftMs = begun + messageMs - this.#since;
    this.#timer.set(Math.max(0, Math.min(stallMs, leftMs)), () => {
      const bytes = this.#received();
      if (leftMs <= stallMs) this.#tooSlow('request', 'messageMs', bytes);
      else if (bytes - seen < stallBytes) this.#tooSlow('request', 'stallMs', bytes);
      else this.#follow(begun, bytes, bytes);
    });
  }

  #expect(what: 'first byte' | 'next message', limit: TimeLimit): void {
    this.#timer.set(this.#limits[limit], () => this.#tooSlow(what, limit, 0));
  }

  #tooSlow(what: Parameters<typeof tooSlowError>[0], limit: TimeLimit, bytes: number): void {
    this.#late(tooSlowError(what, limit, this.#limits[limit], bytes));
  }
}
