// Waits for a promise until a signal aborts. The work behind the promise goes on: a caller whose work can be stopped has to stop it.
import type { Signal } from './carrier.ts';

/** Settles as `promise` does, or rejects with `signal.reason` as soon as the signal aborts. */
export function unlessAborted<T>(promise: Promise<T>, signal: Signal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise<T>((resolve, reject) => {
    const abort = (): void => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
