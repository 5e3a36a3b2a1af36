// The error of work that has to fail.

/** An error of this repository, as a test looks at it. */
export type Failure = Error & {
  readonly code: string;
  readonly fault: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** Resolves to what `work` rejects with. Throws if `work` resolves. */
export async function failure(work: Promise<unknown>): Promise<Failure> {
  let value: unknown;
  try {
    value = await work;
  } catch (error) {
    // Cast: the test that calls compares what was thrown with what it expects.
    return error as Failure;
  }
  throw new Error('the work did not fail', { cause: value });
}
