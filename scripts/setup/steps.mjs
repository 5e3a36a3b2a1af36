// Prints the progress of set-up, on stderr, because stdout is the task's. Also has the error that set-up throws on purpose.

/** A failure of set-up that the user can repair. Its message is one sentence, which says what to install or change. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** @param {string} line */
export function note(line) {
  process.stderr.write(`[setup] ${line}\n`);
}

/**
 * Runs one step, and prints its result and how long it took.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @param {(result: T) => string} [describe] the result in words, which are printed after the label
 * @returns {Promise<T>}
 */
export async function step(label, work, describe = () => '') {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const result = await work();
    const words = describe(result);
    note(`${label}${words && `: ${words}`} (${seconds()})`);
    return result;
  } catch (error) {
    note(`${label}: failed (${seconds()})`);
    throw error;
  }
}

/**
 * Returns whether changes outside of the clone are allowed: in CI, or with `--system`. run.mjs turns the flag into BRIDGE_SYSTEM, so
 * that the set-up of a test runner sees it as well.
 */
export function systemAllowed() {
  return process.env.CI === 'true' || process.env.BRIDGE_SYSTEM === '1';
}
