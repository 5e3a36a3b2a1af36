// Whether the system has run out of something: then nothing was seen, which is not the same as that there is nothing.
const EXHAUSTED: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** Whether an error of the system says that there are no more descriptors, or no more memory. */
export function isExhausted(error: unknown): boolean {
  return EXHAUSTED.has((error as NodeJS.ErrnoException).code);
}
