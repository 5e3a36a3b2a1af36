// Recognizes errors of a system that has run out of descriptors or memory. They mean that nothing could be seen, not that there is nothing.
const EXHAUSTED: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE', 'ENOMEM']);

/** Returns true if an error says that there are no more file descriptors, or no more memory. */
export function isExhausted(error: unknown): boolean {
  return EXHAUSTED.has((error as NodeJS.ErrnoException).code);
}
