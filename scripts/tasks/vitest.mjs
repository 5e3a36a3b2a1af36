// One vitest run in a process of its own, and what came of it.

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTool } from '../setup/toolchain.mjs';

/** @typedef {import('./tally-reporter.mjs').Tally} Tally */

/**
 * @param {import('../setup/toolchain.mjs').Toolchain} chain
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} args for vitest
 * @param {{ stdio?: 'inherit' | 'ignore' }} [options] where vitest prints
 * @returns {Promise<Tally>}
 */
export async function runVitest(chain, env, args, options) {
  const folder = mkdtempSync(join(tmpdir(), 'npbridge-vitest-'));
  try {
    const file = join(folder, 'tally.json');
    const reporters = ['--reporter=default', `--reporter=${join(import.meta.dirname, 'tally-reporter.mjs')}`];
    const code = await runTool(
      chain,
      'vitest',
      ['run', ...reporters, ...args],
      { ...env, BRIDGE_TALLY_FILE: file },
      options,
    );
    /** @type {Tally} */
    const tally = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: [] };
    // A run that ended badly has failed, whatever was counted before: it may have been killed before it could count.
    return { ...tally, failed: tally.failed || (code === 0 ? 0 : 1) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * The last lines of a run, and its exit code. A skipped test is named, and fails the run on CI: there everything that a test needs
 * can be installed. A run without a test fails.
 * @param {{ passed: number, failed: number }} checks
 * @param {Tally} tests
 * @param {{ ci: boolean }} options
 * @returns {{ lines: string[], code: 0 | 1 }}
 */
export function verdict(checks, tests, { ci }) {
  const failed = checks.failed + tests.failed;
  const skipped = tests.skipped.length;
  const counts = `${checks.passed + tests.passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
  return {
    lines: [...tests.skipped.map((name) => `SKIPPED ${name}`), counts],
    code: failed > 0 || tests.passed === 0 || (ci && skipped > 0) ? 1 : 0,
  };
}
