// Waits for a promise no longer than a limit.
import type { Signal } from '@bridge/transport';
import { after } from './deadline.ts';

/** Resolves when the promise resolves, after `ms` (which may be Infinity), or when the signal aborts. Rejects if the promise rejects. */
export async function atMost(promise: Promise<unknown>, ms: number, signal?: Signal): Promise<void> {
  if (signal?.aborted) return;
  let over: () => void = () => {};
  const late = new Promise<void>((resolve) => {
    over = resolve;
  });
  const inTime = after(ms, () => over());
  signal?.addEventListener('abort', over, { once: true });
  try {
    await Promise.race([promise, late]);
  } finally {
    signal?.removeEventListener('abort', over);
    inTime();
  }
}
