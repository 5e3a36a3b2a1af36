// `close` and `[Symbol.asyncDispose]` for an object that must be closed only once.
import type { Closable } from './carrier.ts';

/** Returns both methods. The first call of either calls `close`, and all calls return its promise. */
export function closable(close: () => Promise<void>): Closable {
  let closed: Promise<void> | undefined;
  const once = (): Promise<void> => {
    closed ??= close();
    return closed;
  };
  return { close: once, [Symbol.asyncDispose]: once };
}
