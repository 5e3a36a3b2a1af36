// The demo, with what its flags call for: a Python always, a Docker Engine and a base image only for --docker.

import { delimiter, dirname } from 'node:path';
import { runTool, toolchain } from '../setup/toolchain.mjs';
import { withEngine } from './engine.mjs';
import { pythonOrStop } from './programs.mjs';

/** @param {string[]} args */
export async function demo(args) {
  const chain = await toolchain();
  const { python } = await pythonOrStop('any');
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
