// Installs the npm packages with a pinned pnpm, and finds a Node that runs TypeScript without a build. This file must run on the
// oldest Node that is supported, with nothing installed.

import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture, foreground } from './child.mjs';
import { OLDEST_NODE_FOR_TYPESCRIPT } from './pins.mjs';
import { pnpm } from './pnpm.mjs';
import { SetupError, step } from './steps.mjs';

export const root = join(import.meta.dirname, '..', '..');
const modules = join(root, 'node_modules');
const stampFile = join(modules, '.setup-stamp');

/** @typedef {{ node: string, bin: string, env: NodeJS.ProcessEnv }} Toolchain */

/**
 * Resolves once the packages are installed.
 * @returns {Promise<Toolchain>} the Node that runs our sources, the folder of the tools, and an environment with that folder first in
 * its PATH
 */
export async function toolchain() {
  const stamp = inputsHash();
  if (!existsSync(stampFile) || readFileSync(stampFile, 'utf8') !== stamp) {
    await step('npm packages', installModules);
    writeFileSync(stampFile, stamp);
  }
  const bin = join(modules, '.bin');
  /** @type {NodeJS.ProcessEnv} */
  const env = { ...process.env, PATH: `${bin}${delimiter}${process.env.PATH ?? ''}` };
  // Several tools print colours into a log as well, unless NO_COLOR is set.
  if (!process.stdout.isTTY && !env.FORCE_COLOR) env.NO_COLOR = '1';
  return { node: await nodeForTypeScript(join(bin, 'node')), bin, env };
}

async function installModules() {
  if (!existsSync(join(root, 'pnpm-lock.yaml'))) {
    throw new SetupError('pnpm-lock.yaml is missing: check it out again.');
  }
  const { command, args } = await pnpm(root);
  const done = await capture(command, [...args, 'install', '--frozen-lockfile', '--reporter=append-only'], {
    cwd: root,
  });
  if (done.code === 127) throw new SetupError('npx was not found: install npm, which comes with Node.js.');
  if (done.code !== 0) {
    // stdout is the task's.
    process.stderr.write(done.stdout + done.stderr);
    throw new SetupError(
      'The npm packages could not be installed: correct the cause, which pnpm names above, and run this command again.',
    );
  }
}

/**
 * Returns a hash of everything that the installed packages depend on: the lockfile, all manifests, the kind of machine. Node's version
 * does not count: after the first installation `npm run` starts the toolchain's Node, which would look like a change.
 */
function inputsHash() {
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', ...manifests('')]) {
    const path = join(root, file);
    if (existsSync(path)) hash.update(`${file}\n`).update(readFileSync(path));
  }
  return hash.digest('hex');
}

/** @param {string} folder @returns {string[]} every package.json down to the second level, sorted */
function manifests(folder, depth = 0) {
  const found = existsSync(join(root, folder, 'package.json')) ? [join(folder, 'package.json')] : [];
  if (depth === 2) return found;
  const folders = readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .filter((entry) => !['node_modules', 'dist', 'coverage'].includes(entry.name))
    .map((entry) => entry.name)
    .sort();
  return [...found, ...folders.flatMap((name) => manifests(join(folder, name), depth + 1))];
}

/** @param {string} installed the Node that an optional dependency installs on some systems */
async function nodeForTypeScript(installed) {
  // On a system with another C library the file exists, but does not run.
  if (existsSync(installed) && (await capture(installed, ['--version'])).code === 0) return installed;
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [wantMajor = 0, wantMinor = 0] = OLDEST_NODE_FOR_TYPESCRIPT;
  if (major > wantMajor || (major === wantMajor && minor >= wantMinor)) return process.execPath;
  throw new SetupError(
    `Node ${OLDEST_NODE_FOR_TYPESCRIPT.join('.')} or newer is needed on ${process.platform}-${process.arch} (this is ` +
      `${process.version}): install it and run the command again.`,
  );
}

/**
 * Runs a tool in the foreground at the root.
 * @param {Toolchain} chain
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} [extraEnv]
 * @param {{ stdio?: 'inherit' | 'ignore', takesSignalsTwice?: boolean }} [options] see setup/child.mjs
 */
export function runTool(chain, command, args, extraEnv = {}, options = {}) {
  const path = command === 'node' ? chain.node : command;
  return foreground(path, args, { ...options, cwd: root, env: { ...chain.env, ...extraEnv } });
}
