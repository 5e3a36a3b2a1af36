// Tasks that are one program of ours, run from source with a Python at hand.

import { findPython } from '../setup/python.mjs';
import { SetupError } from '../setup/steps.mjs';
import { runTool, toolchain } from '../setup/toolchain.mjs';

/** @param {string[]} args */
export function bench(args) {
  return runSource('bench/main.ts', 'any', args);
}

/** @param {string} file @param {import('../setup/python.mjs').Want} want @param {string[]} args */
async function runSource(file, want, args) {
  const chain = await toolchain();
  const { python } = await pythonOrStop(want);
  return runTool(chain, 'node', ['--conditions=@bridge/source', file, ...args], { BRIDGE_PYTHON: python });
}

/** @param {import('../setup/python.mjs').Want} want */
export async function pythonOrStop(want) {
  const found = await findPython({ want });
  if ('missing' in found) throw new SetupError(found.missing);
  return found;
}
