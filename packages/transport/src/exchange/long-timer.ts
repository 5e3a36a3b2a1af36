// A timer of any length: Infinity sets no timer, and a time beyond the runtime's longest timer takes several timers. Before the callback is
// called, the event loop reads the sockets that are ready, and that may set the timer to a later time. Otherwise a program that was busy
// for long would take its peers for slow.
import { platform, unrefTimer } from './platform.ts';

/** The longest time of a runtime's timer, in milliseconds. */
export const LONGEST_MS: number = 2 ** 31 - 1;

export class Timer {
  readonly #keeps: 'ref' | 'unref';
  #timeout: unknown;
  #immediate: unknown;

  /** @param keeps `unref` lets the process end while the timer is set */
  constructor(keeps: 'ref' | 'unref' = 'ref') {
    this.#keeps = keeps;
  }

  /** Calls `run` after `ms` milliseconds, and cancels an earlier setting. */
  set(ms: number, run: () => void): void {
    this.stop();
    if (ms === Number.POSITIVE_INFINITY) return;
    const now = Math.min(ms, LONGEST_MS);
    this.#timeout = platform.setTimeout(() => {
      if (ms > now) this.set(ms - now, run);
      // Node reads sockets between its timers and its immediates. Browsers have no `setImmediate`.
      else if (platform.setImmediate) this.#immediate = platform.setImmediate(run);
      else run();
    }, now);
    if (this.#keeps === 'unref') unrefTimer(this.#timeout);
  }

  stop(): void {
    if (this.#timeout !== undefined) platform.clearTimeout(this.#timeout);
    if (this.#immediate !== undefined) platform.clearImmediate?.(this.#immediate);
  }
}
