// The pace that a listener's caller has to keep: his first byte, a message once it has begun, the next one where his
// connection is kept.
import { tooSlowError } from './limit-errors.ts';
import type { ListenLimits } from './listen-limits.ts';
import { Timer } from './timer.ts';

/** The limits that are about time. */
type TimeLimit = 'firstByteMs' | 'idleMs' | 'stallMs' | 'takeMs';

export class Pace {
  readonly #limits: ListenLimits;
  readonly #received: () => number;
  readonly #late: (error: unknown) => void;
  readonly #timer = new Timer();
  #inside = false;

  /** @param received bytes of the message that is coming, so far */
  constructor(limits: ListenLimits, received: () => number, late: (error: unknown) => void) {
    this.#limits = limits;
    this.#received = received;
    this.#late = late;
    this.#expect('first byte', 'firstByteMs');
  }

  /** Some of a message is there, and not the whole: the rest has to follow. */
  more(): void {
    if (this.#inside) return;
    this.#inside = true;
    this.#follow(this.#received());
  }

  /** A message is there, or nothing is expected any more. */
  rest(): void {
    this.#inside = false;
    this.#timer.stop();
  }

  /** A reply was given, and its caller may ask again. */
  next(): void {
    this.#expect('next message', 'idleMs');
  }

  /** Nobody takes the reply: so many bytes are left of it. */
  untaken(bytes: number): void {
    this.#tooSlow('reply', 'takeMs', bytes);
  }

  #follow(seen: number): void {
    const { stallMs, stallBytes } = this.#limits;
    this.#timer.set(stallMs, () => {
      const bytes = this.#received();
      if (bytes - seen < stallBytes) this.#tooSlow('request', 'stallMs', bytes);
      else this.#follow(bytes);
    });
  }

  #expect(what: 'first byte' | 'next message', limit: TimeLimit): void {
    this.#timer.set(this.#limits[limit], () => this.#tooSlow(what, limit, 0));
  }

  #tooSlow(what: Parameters<typeof tooSlowError>[0], limit: TimeLimit, bytes: number): void {
    this.#late(tooSlowError(what, limit, this.#limits[limit], bytes));
  }
}
