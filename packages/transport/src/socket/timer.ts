// A timer of any length: none for Infinity, and more than one of the system's for what is longer than those can be.

/** What the system's timers can be set to, in milliseconds. */
export const LONGEST_MS: number = 2 ** 31 - 1;

export class Timer {
  #handle: NodeJS.Timeout | undefined;

  /** Runs `run` after `ms`, in place of what it was set to before. */
  set(ms: number, run: () => void): void {
    this.stop();
    if (ms === Number.POSITIVE_INFINITY) return;
    const now = Math.min(ms, LONGEST_MS);
    this.#handle = setTimeout(() => (ms > now ? this.set(ms - now, run) : run()), now);
  }

  stop(): void {
    clearTimeout(this.#handle);
    this.#handle = undefined;
  }
}
