// Waiting for a promise, with a limit.
import type { Signal } from '@bridge/transport';
import { after } from './deadline.ts';

/** Waits for no longer than `ms`, Infinity included, and not behind the signal. */
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
