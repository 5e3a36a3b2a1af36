// The error that says what is wrong with a command line. It ends npbridge with exit code 2.

export class UsageError extends Error {
  override readonly name = 'UsageError';
}
