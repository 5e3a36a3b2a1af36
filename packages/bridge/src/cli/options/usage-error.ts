// The error for an invalid command line. npbridge ends with exit code 2 after it.

export class UsageError extends Error {
  override readonly name = 'UsageError';
}
