// How long a model that failed some times in a row is left alone, and waiting with an end to it.
import { after } from '../deadline.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;

/**
 * Doubling, spread, and none before the first start anew.
 * @returns milliseconds
 */
export function pauseAfter(inRow: number): number {
  return inRow === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (inRow - 1)) * (0.5 + Math.random() / 2);
}

/** Waits for no longer than `ms`, Infinity included, and not behind the signal. */
export async function atMost(promise: Promise<unknown>, ms: number, signal?: AbortSignal): Promise<void> {
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
