// The pace that a caller of a listener has to keep. Time limits run for the first byte of a connection, for each message once it has
// begun, and for the next message if the connection is kept.
import { platform } from '../exchange/platform.ts';
import { Timer } from '../exchange/timer.ts';
import { tooSlowError } from './limit-errors.ts';
import type { ListenLimits } from './listen-limits.ts';

/** The limits on time. */
type TimeLimit = 'firstByteMs' | 'idleMs' | 'stallMs' | 'messageMs' | 'takeMs';

export class CallerPace {
  readonly #limits: ListenLimits;
  readonly #received: () => number;
  readonly #late: (error: unknown) => void;
  readonly #timer = new Timer();
  /** The time at which the message that is coming began. */
  #begun: number | undefined;
  #since = platform.performance.now();
  #seen = 0;

  /** @param received returns the bytes of the message that is coming, so far */
  constructor(limits: ListenLimits, received: () => number, late: (error: unknown) => void) {
    this.#limits = limits;
    this.#received = received;
    this.#late = late;
    this.#expect('first byte', 'firstByteMs');
  }

  /** The time at which the connection came into its present state; inside a message, the time from which the rate is measured. */
  get since(): number {
    return this.#since;
  }

  /** Bytes of the message that came since `since`. */
  get movedBytes(): number {
    return this.#begun === undefined ? 0 : this.#received() - this.#seen;
  }

  /** Says that some of a message is there, and the rest has to follow. */
  more(): void {
    if (this.#begun !== undefined) return;
    this.#begun = platform.performance.now();
    // The first bytes count as moved, or a message would be slow at its beginning.
    this.#follow(this.#begun, 0, this.#received());
  }

  /** Says that a message is there, or that nothing is expected any more. */
  rest(): void {
    this.#begun = undefined;
    this.#timer.stop();
  }

  /** Says that a reply was given, and its caller may ask again. */
  next(): void {
    this.#since = platform.performance.now();
    this.#expect('next message', 'idleMs');
  }

  /** Says that a reply is being sent, or that no more requests are wanted. */
  turn(): void {
    this.#since = platform.performance.now();
    this.rest();
  }

  /** Says that the caller does not take its reply, of which so many bytes are left. */
  untaken(bytes: number): void {
    this.#tooSlow('reply', 'takeMs', bytes);
  }

  /** Measures the rate from now on. `seen` bytes of the message are there; those beyond `counted` count as moved. */
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
