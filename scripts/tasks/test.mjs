// The whole test run: static checks, then vitest, then one last line that says what came of both. A skipped test is
// named, and on CI it is a failure: there everything a test needs can be installed.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findPython } from '../setup/python.mjs';
import { note } from '../setup/steps.mjs';
import { runTool, toolchain } from '../setup/toolchain.mjs';
import { runChecks } from './checks.mjs';
import { readReport } from './vitest-report.mjs';

/** @param {string[]} args passed on to vitest */
export async function test(args) {
  const { chain, env } = await prepare();
  const checks = await runChecks(chain);
  const tests = await runVitest(chain, env, args);
  const passed = checks.passed + tests.passed;
  const failed = checks.failed + tests.failed;
  const skipped = tests.skipped.length;
  for (const name of tests.skipped) process.stdout.write(`SKIPPED ${name}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  const skipFails = process.env.CI === 'true' && skipped > 0;
  return failed > 0 || tests.passed === 0 || skipFails ? 1 : 0;
}

/** @param {string[]} _args */
export async function setup(_args) {
  await prepare();
  return 0;
}

/** What cannot be had is said and left out of the environment: the tests that need it skip themselves by name. */
async function prepare() {
  const chain = await toolchain();
  /** @type {NodeJS.ProcessEnv} */
  const env = {};
  for (const [variable, options] of /** @type {const} */ ([
    ['BRIDGE_PYTHON', { want: '2', extra: ['pillow', 'numpysocket'] }],
    ['BRIDGE_PYTHON_1_24', { want: '1.24', extra: [] }],
  ])) {
    const found = await findPython({ want: options.want, extra: [...options.extra] });
    if ('missing' in found) note(found.missing);
    else {
      env[variable] = found.python;
      if (found.lacks.length > 0) note(`${found.python} lacks ${found.lacks.join(', ')}`);
    }
  }
  return { chain, env };
}

/**
 * @param {import('../setup/toolchain.mjs').Toolchain} chain
 * @param {NodeJS.ProcessEnv} env
 * @param {string[]} args
 */
async function runVitest(chain, env, args) {
  const folder = mkdtempSync(join(tmpdir(), 'npbridge-vitest-'));
  try {
    const file = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
    const code = await runTool(chain, 'vitest', ['run', ...reporters, ...args], env);
    return readReport(file, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
