// Takes the error of an operation that must fail.

/** An error of one of this repository's packages. */
export type Failure = Error & {
  readonly code: string;
  readonly fault: string;
  readonly detail: Readonly<Record<string, unknown>>;
};

/** Resolves with the error with which `work` rejects. Throws if `work` resolves. */
export async function failure(work: Promise<unknown>): Promise<Failure> {
  let value: unknown;
  try {
    value = await work;
  } catch (error) {
    // Cast: the calling test compares the error's properties with those that it expects.
    return error as Failure;
  }
  throw new Error('the work did not fail', { cause: value });
}
