// Closing and disposing, of which only the first call does anything.
import type { Closable } from './carrier.ts';

/** Returns both ways of closing something. `close` is called once. */
export function closable(close: () => Promise<void>): Closable {
  let closed: Promise<void> | undefined;
  const once = (): Promise<void> => {
    closed ??= close();
    return closed;
  };
  return { close: once, [Symbol.asyncDispose]: once };
}
