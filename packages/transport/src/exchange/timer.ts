// A timer of any length: Infinity sets none, and a time beyond the runtime's longest timer takes several timers. When time is up, the
// event loop first reads the sockets that are ready, and that may set the timer again: a program that was busy for so long must not blame
// its peers.
import { platform, unrefTimer } from './platform.ts';

/** The most milliseconds that a timer of the runtime can be set to. */
export const LONGEST_MS: number = 2 ** 31 - 1;

export class Timer {
  readonly #keeps: 'ref' | 'unref';
  #timeout: unknown;
  #immediate: unknown;

  /** @param keeps `unref` lets the process end although the timer is set */
  constructor(keeps: 'ref' | 'unref' = 'ref') {
    this.#keeps = keeps;
  }

  /** Runs `run` after `ms` milliseconds. An earlier setting is dropped. */
  set(ms: number, run: () => void): void {
    this.stop();
    if (ms === Number.POSITIVE_INFINITY) return;
    const now = Math.min(ms, LONGEST_MS);
    this.#timeout = platform.setTimeout(() => {
      if (ms > now) this.set(ms - now, run);
      // Node reads sockets between its timers and its immediates. Browsers have no immediates.
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
