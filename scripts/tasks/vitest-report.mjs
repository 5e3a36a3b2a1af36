// What a vitest run came to, from its JSON report and its exit code together. The report alone is not enough: it says
// success when an error was thrown outside any test.

import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { root } from '../setup/toolchain.mjs';

/** @typedef {{ fullName: string, status: string }} Assertion */

/**
 * @param {string} file
 * @param {number} exitCode
 * @returns {{ passed: number, failed: number, skipped: string[] }} `skipped`: file and full name of each
 */
export function readReport(file, exitCode) {
  if (!existsSync(file)) return { passed: 0, failed: 1, skipped: [] };
  const report = JSON.parse(readFileSync(file, 'utf8'));
  const passed = report.numPassedTests;
  // A file that cannot be loaded has no test that failed, and neither has an unhandled error.
  const failed = report.numFailedTests || (exitCode === 0 ? 0 : 1);
  const skipped = report.testResults.flatMap(
    (/** @type {{ name: string, assertionResults: Assertion[] }} */ { name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status !== 'passed' && status !== 'failed')
        .map(({ fullName }) => `${relative(root, name)} > ${fullName}`),
  );
  // Named one by one where the report does, counted at least where it does not.
  const unnamed = report.numPendingTests + (report.numTodoTests ?? 0) - skipped.length;
  return { passed, failed, skipped: [...skipped, ...Array(Math.max(0, unnamed)).fill('(a test without a name)')] };
}
