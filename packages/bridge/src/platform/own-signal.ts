// A signal that this package aborts itself, with as much of an AbortSignal as is needed. Each call needs one or more, and listening to a
// runtime's own AbortSignal takes microseconds.
import type { Signal } from '@bridge/transport';

export class OwnSignal implements Signal {
  aborted = false;
  reason: unknown;
  readonly #listeners = new Set<() => void>();

  addEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_: 'abort', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /** Aborts the signal and calls its listeners. Further calls do nothing. */
  abort(reason: unknown): void {
    if (this.aborted) return;
    this.aborted = true;
    this.reason = reason;
    for (const listener of [...this.#listeners]) listener();
  }
}
