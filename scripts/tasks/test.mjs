// The whole test run: the static checks, then vitest, then one last line with the counts of both.

import { findPython } from '../setup/python.mjs';
import { note } from '../setup/steps.mjs';
import { toolchain } from '../setup/toolchain.mjs';
import { runChecks } from './checks.mjs';
import { runVitest, verdict } from './vitest.mjs';

/** @param {string[]} args passed on to vitest */
export async function test(args) {
  const { chain, env } = await prepare();
  const checks = await runChecks(chain);
  const tests = await runVitest(chain, env, args);
  const { lines, code } = verdict(checks, tests, { ci: process.env.CI === 'true' });
  process.stdout.write(`${lines.join('\n')}\n`);
  return code;
}

/** @param {string[]} _args */
export async function setup(_args) {
  await prepare();
  return 0;
}

/** Finds each Python. One that cannot be had is reported and left out of the environment, and the tests that need it are skipped. */
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
