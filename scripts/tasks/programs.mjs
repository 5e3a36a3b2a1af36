// Tasks that run one program from its sources, with a Python.

import { delimiter, dirname } from 'node:path';
import { findPython } from '../setup/python.mjs';
import { SetupError } from '../setup/steps.mjs';
import { runTool, toolchain } from '../setup/toolchain.mjs';
import { bundle } from './checks.mjs';
import { withEngine } from './engine.mjs';

/**
 * Runs the benchmarks. With `--docker` they get a Docker Engine, base images, and the relay's program for its image.
 * @param {string[]} args
 */
export async function bench(args) {
  // glibc keeps freed memory, in pieces of up to its own limit of 32 MB. bench/README.md says why.
  const keepMemory = { MALLOC_MMAP_THRESHOLD_: String(2 ** 25), MALLOC_TRIM_THRESHOLD_: String(2 ** 30) };
  const run = (/** @type {NodeJS.ProcessEnv} */ env) =>
    runSource('bench/main.ts', 'any', args, { ...keepMemory, ...env });
  if (!args.includes('--docker')) return run({});

  const chain = await toolchain();
  const code = await bundle([]);
  if (code !== 0) return code;
  return withEngine(async (env, { host, docker }) => {
    const PATH = `${dirname(docker)}${delimiter}${chain.env.PATH ?? ''}`;
    const base = env.BRIDGE_BASE_IMAGE ?? process.env.BRIDGE_BASE_IMAGE;
    if (!base) return run({ PATH, ...env });
    const { nodeImage } = await import('../machine/node-image.mjs');
    const node = await nodeImage({ host, docker, base });
    if ('missing' in node) throw new SetupError(node.missing);
    return run({ PATH, ...env, BRIDGE_NODE_IMAGE: node.image });
  });
}

/**
 * Runs the fuzzer. `--python` chooses NumPy 2 (the default) or 1.24; packages/npy/fuzz/options.ts has the other options.
 * @param {string[]} args
 */
export function fuzz(args) {
  const at = args.indexOf('--python');
  const want = at < 0 ? '2' : args[at + 1];
  if (want !== '2' && want !== '1.24') throw new SetupError('--python is 2 or 1.24');
  return runSource('packages/npy/fuzz/main.ts', want, at < 0 ? args : args.toSpliced(at, 2));
}

/** @param {string[]} args */
export function attacks(args) {
  return runSource('bench/attacks/main.ts', 'any', args);
}

/** @param {string[]} args */
export function hostile(args) {
  return runSource('packages/bridge/test/hostile/main.ts', 'any', args);
}

/** @param {string[]} args */
export function faults(args) {
  return runSource('packages/bridge/test/faults/main.ts', 'any', args);
}

/**
 * @param {string} file
 * @param {import('../setup/python.mjs').Want} want
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 */
async function runSource(file, want, args, env = {}) {
  const chain = await toolchain();
  const { python } = await requirePython(want);
  return runTool(chain, 'node', ['--conditions=@bridge/source', file, ...args], { BRIDGE_PYTHON: python, ...env });
}

/** @param {import('../setup/python.mjs').Want} want */
export async function requirePython(want) {
  const found = await findPython({ want });
  if ('missing' in found) throw new SetupError(found.missing);
  return found;
}
