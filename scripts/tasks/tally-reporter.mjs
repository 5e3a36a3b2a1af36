// A vitest reporter that writes how many tests passed and failed, and the names of those that were skipped, to the file that
// BRIDGE_TALLY_FILE names. It prints nothing: vitest's own reporter runs beside it.

import { writeFileSync } from 'node:fs';

/** @import { Reporter, TestModule } from 'vitest/node' */
/** @typedef {{ passed: number, failed: number, skipped: string[] }} Tally `skipped`: file and full name of each test */

/** @implements {Reporter} */
export default class TallyReporter {
  /**
   * @param {readonly TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors thrown outside of any test
   */
  onTestRunEnd(modules, unhandledErrors) {
    /** @type {Tally} */
    const tally = { passed: 0, failed: unhandledErrors.length, skipped: [] };
    for (const module of modules) {
      // A file that cannot be loaded, and a hook that fails, leave no test that failed.
      for (const parent of [module, ...module.children.allSuites()]) if (parent.errors().length > 0) tally.failed += 1;
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed' || state === 'failed') tally[state] += 1;
        else tally.skipped.push(`${module.relativeModuleId} > ${test.fullName}`);
      }
    }
    const file = process.env.BRIDGE_TALLY_FILE;
    if (file) writeFileSync(file, JSON.stringify(tally));
  }
}
