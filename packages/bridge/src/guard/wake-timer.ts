// The one timer of a guard, set to the time at which the guard has to act next. A timer that is set moves only to an earlier time, and
// keeps the process alive only if calls wait.
import { LONGEST_MS } from '@bridge/transport/internal';
import { keepAlive, platform } from '../platform/platform.ts';

export class WakeTimer {
  readonly #onWake: () => void;
  #timer: { readonly handle: unknown; readonly at: number; alive: boolean } | undefined;

  constructor(onWake: () => void) {
    this.#onWake = onWake;
  }

  /**
   * Sets the timer to `at`, unless it is set to an earlier time. Infinity leaves it as it is. `onWake` may be called earlier than `at`, and
   * then has to set the timer again.
   * @param alive true to keep the process alive until the timer fires
   */
  set(at: number, alive: boolean): void {
    if (at < (this.#timer?.at ?? Number.POSITIVE_INFINITY)) {
      this.clear();
      const ms = Math.min(Math.max(1, Math.ceil(at - platform.performance.now())), LONGEST_MS);
      const wake = (): void => {
        this.#timer = undefined;
        this.#onWake();
      };
      this.#timer = { handle: platform.setTimeout(wake, ms), at, alive: true };
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
