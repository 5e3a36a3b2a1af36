// Runs the demo, with a Python, and with a Docker Engine and a base image if --docker is given.

import { delimiter, dirname } from 'node:path';
import { runTool, toolchain } from '../setup/toolchain.mjs';
import { withEngine } from './engine.mjs';
import { requirePython } from './programs.mjs';

/** @param {string[]} args */
export async function demo(args) {
  const chain = await toolchain();
  const { python } = await requirePython('any');
  const run = (/** @type {NodeJS.ProcessEnv} */ env) =>
    runTool(
      chain,
      'node',
      ['--conditions=@bridge/source', 'examples/demo/src/main.ts', ...args],
      { BRIDGE_PYTHON: python, ...env },
      { takesSignalsTwice: true },
    );
  if (!args.includes('--docker')) return run({});

  return withEngine((env, { docker }) =>
    run({ PATH: `${dirname(docker)}${delimiter}${chain.env.PATH ?? ''}`, ...env }),
  );
}
