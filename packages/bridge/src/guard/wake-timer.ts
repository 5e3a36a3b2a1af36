// The one timer of a guard. It is set to the time that the law wants, moved only to an earlier time, and keeps the process alive
// only while calls wait.
import { LONGEST_MS } from '../platform/deadline.ts';
import { keepAlive, platform } from '../platform/platform.ts';

export class WakeTimer {
  readonly #onWake: () => void;
  #timer: { readonly handle: unknown; readonly at: number; alive: boolean } | undefined;

  constructor(onWake: () => void) {
    this.#onWake = onWake;
  }

  /** Sets the timer to `at` or sooner; Infinity leaves it as it is. A callback that comes too soon has to set it again. */
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
