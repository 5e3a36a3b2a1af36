// One timer for one guard: set to the law's next moment, moved only to an earlier one, and keeping the process alive only
// while somebody waits.
import { LONGEST_MS } from '../platform/deadline.ts';
import { keepAlive, platform } from '../platform/platform.ts';

export class WakeTimer {
  readonly #ring: () => void;
  #timer: { readonly handle: unknown; readonly at: number; alive: boolean } | undefined;

  constructor(ring: () => void) {
    this.#ring = ring;
  }

  /** Rings at `at` or sooner; Infinity leaves it as it is. Whoever is woken too soon sets it again. */
  set(at: number, alive: boolean): void {
    if (at < (this.#timer?.at ?? Number.POSITIVE_INFINITY)) {
      this.clear();
      const ms = Math.min(Math.max(1, Math.ceil(at - platform.performance.now())), LONGEST_MS);
      const ring = (): void => {
        this.#timer = undefined;
        this.#ring();
      };
      this.#timer = { handle: platform.setTimeout(ring, ms), at, alive: true };
    }
    if (!this.#timer || this.#timer.alive === alive) return;
    this.#timer.alive = alive;
    keepAlive(this.#timer.handle, alive);
  }

  clear(): void {
    platform.clearTimeout(this.#timer?.handle);
    this.#timer = undefined;
  }
}
