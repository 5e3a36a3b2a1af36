// How a signal is listened to, and let go of. It may be of the caller's own making, and do as it likes.
import type { Signal } from './carrier.ts';

/**
 * Has `abort` called when `signal` aborts; the answer lets go of it. What that throws goes where it harms no exchange: it
 * becomes a rejection that nobody handles.
 */
export function heed(signal: Signal, abort: () => void): () => void {
  signal.addEventListener('abort', abort, { once: true });
  return () => {
    try {
      signal.removeEventListener('abort', abort);
    } catch (error) {
      void Promise.reject(error);
    }
  };
}
