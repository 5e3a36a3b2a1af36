// The end of whatever is open: two names for it, and only the first call does anything.
import type { Closable } from './carrier.ts';

/** Both ways of closing something that `close` closes. */
export function ending(close: () => Promise<void>): Closable {
  let closed: Promise<void> | undefined;
  const once = (): Promise<void> => {
    closed ??= close();
    return closed;
  };
  return { close: once, [Symbol.asyncDispose]: once };
}
