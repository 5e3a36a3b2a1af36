// A timer of any length: none for Infinity, and more than one of the system's for what is longer than those can be.
// A program that was busy for longer than that is not to blame its callers: when time is up, what the system has for us by
// then is read first, and may set the timer anew.

/** What the system's timers can be set to, in milliseconds. */
export const LONGEST_MS: number = 2 ** 31 - 1;

export class Timer {
  readonly #keeps: 'ref' | 'unref';
  #timeout: NodeJS.Timeout | undefined;
  #immediate: NodeJS.Immediate | undefined;

  /** @param keeps `unref`: it keeps no process alive */
  constructor(keeps: 'ref' | 'unref' = 'ref') {
    this.#keeps = keeps;
  }

  /** Runs `run` after `ms`, in place of what it was set to before. */
  set(ms: number, run: () => void): void {
    this.stop();
    if (ms === Number.POSITIVE_INFINITY) return;
    const now = Math.min(ms, LONGEST_MS);
    this.#timeout = setTimeout(() => {
      if (ms > now) this.set(ms - now, run);
      // The event loop reads sockets between its timers and its immediates.
      else this.#immediate = setImmediate(run);
    }, now);
    if (this.#keeps === 'unref') this.#timeout.unref();
  }

  stop(): void {
    clearTimeout(this.#timeout);
    clearImmediate(this.#immediate);
  }
}
