// The static checks and the build: tasks that need the toolchain, but no Python and no test runner.

import { note } from '../setup/steps.mjs';
import { runTool, toolchain } from '../setup/toolchain.mjs';

/** The checks in their order. `node` is the toolchain's. */
const CHECKS = [
  // biome ignores NO_COLOR.
  ['biome', 'ci', ...(process.stdout.isTTY ? [] : ['--colors=off']), '.'],
  ['node', 'scripts/build.mjs'],
  ['node', 'scripts/check-imports.mjs'],
  ['node', 'scripts/check-prose.mjs'],
  ['node', 'scripts/check-api.mjs'],
  ['knip'],
  ['node', 'scripts/check-packages.mjs'],
  ['node', 'scripts/check-sizes.mjs'],
  ['node', 'scripts/check-compilers.mjs'],
];

/** @param {string[]} _args */
export async function check(_args) {
  const { passed, failed } = await runChecks(await toolchain());
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 ? 0 : 1;
}

/** @param {string[]} args */
export async function build(args) {
  return runTool(await toolchain(), 'node', ['scripts/build.mjs', ...args]);
}

/** @param {string[]} args folders, or none */
export async function prose(args) {
  return runTool(await toolchain(), 'node', ['scripts/check-prose.mjs', ...args]);
}

/**
 * Writes the exported names and types of every entry to packages/NAME/etc.
 * @param {string[]} _args
 */
export async function api(_args) {
  const chain = await toolchain();
  return (
    (await runTool(chain, 'node', ['scripts/build.mjs'])) ||
    (await runTool(chain, 'node', ['scripts/check-api.mjs', '--update']))
  );
}

/**
 * Makes the files that deploy/Dockerfile copies.
 * @param {string[]} _args
 */
export async function bundle(_args) {
  const chain = await toolchain();
  return (
    (await runTool(chain, 'node', ['scripts/build.mjs'])) ||
    (await runTool(chain, 'node', ['scripts/bundle-relay.mjs']))
  );
}

/**
 * Runs all checks, also after one has failed. Each counts as one test.
 * @param {import('../setup/toolchain.mjs').Toolchain} chain
 */
export async function runChecks(chain) {
  let passed = 0;
  let failed = 0;
  for (const [command = '', ...args] of CHECKS) {
    const code = await runTool(chain, command, args);
    if (code === 0) passed += 1;
    else failed += 1;
    note(`${[command, ...args].join(' ')}: ${code === 0 ? 'passed' : `failed with exit code ${code}`}`);
  }
  return { passed, failed };
}
