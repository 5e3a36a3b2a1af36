// The progress lines of set-up, on stderr so that a task's stdout stays its own, and the one error that set-up throws
// on purpose. Nothing here knows what a step does.

/** A set-up failure that the user can mend: its message is one sentence saying what to install. */
export class SetupError extends Error {
  name = 'SetupError';
}

/** @param {string} line */
export function note(line) {
  process.stderr.write(`[setup] ${line}\n`);
}

/**
 * Runs one step and prints what it did and how long it took.
 * @template T
 * @param {string} label
 * @param {() => Promise<T>} work
 * @param {(result: T) => string} [outcome] said after the label
 * @returns {Promise<T>}
 */
export async function step(label, work, outcome = () => '') {
  const start = performance.now();
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
  try {
    const result = await work();
    const said = outcome(result);
    note(`${label}${said && `: ${said}`} (${seconds()})`);
    return result;
  } catch (error) {
    note(`${label}: failed (${seconds()})`);
    throw error;
  }
}

/**
 * System-wide changes are made only where they are expected: on a CI machine, or where the user said `--system`.
 * run.mjs turns the flag into BRIDGE_SYSTEM so that a test runner's own set-up sees it too.
 */
export function systemAllowed() {
  return process.env.CI === 'true' || process.env.BRIDGE_SYSTEM === '1';
}
