// Tells an error that means "there is nothing" from one that means "nothing can be seen", because the system has run out of
// something.
const EXHAUSTED: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** Returns true if an error of the system says that there are no more descriptors, or no more memory. */
export function isExhausted(error: unknown): boolean {
  return EXHAUSTED.has((error as NodeJS.ErrnoException).code);
}
