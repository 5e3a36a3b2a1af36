// Installs Debian packages, where changes outside of the clone are allowed. This file knows how to run apt (one update, no
// questions, no recommended packages). Its callers know which packages they need.

import { existsSync } from 'node:fs';
import { capture, outputTail } from '../setup/child.mjs';
import { step, systemAllowed } from '../setup/steps.mjs';

const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

/** @type {Promise<{ ok: true } | { missing: string }> | undefined} the one update that a process runs */
let updated;

/** @param {readonly string[]} packages @returns {Promise<boolean>} whether all of them are installed */
export async function aptInstalled(packages) {
  const { code, stdout } = await capture('dpkg-query', ['-s', ...packages], { env });
  const installed = stdout.split('\n').filter((line) => line === 'Status: install ok installed');
  return code === 0 && installed.length === packages.length;
}

/**
 * Installs the packages, unless all of them are installed already.
 * @param {readonly string[]} packages
 * @param {{ allowSystem?: boolean }} [options]
 * @returns {Promise<{ ok: true } | { missing: string }>}
 */
export async function aptInstall(packages, { allowSystem = systemAllowed() } = {}) {
  if (!existsSync('/usr/bin/apt-get')) return { missing: 'this system has no apt' };
  if (await aptInstalled(packages)) return { ok: true };
  const command = `apt-get install ${packages.join(' ')}`;
  const able = mayRun(command, allowSystem);
  if ('missing' in able) return able;
  const fresh = await aptUpdate({ allowSystem });
  if ('missing' in fresh) return fresh;
  return step(command, async () => {
    const done = await capture('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
    return done.code === 0 ? { ok: true } : { missing: `${command} failed: ${outputTail(done)}` };
  });
}

/**
 * @param {{ allowSystem?: boolean }} [options]
 * @returns {Promise<{ ok: true } | { missing: string }>}
 */
export async function aptUpdate({ allowSystem = systemAllowed() } = {}) {
  const able = mayRun('apt-get update', allowSystem);
  if ('missing' in able) return able;
  updated ??= step('apt-get update', async () => {
    const done = await capture('apt-get', ['update', '-q'], { env, timeoutMs: 180_000 });
    return done.code === 0 ? { ok: true } : { missing: `apt-get update failed: ${outputTail(done)}` };
  });
  return updated;
}

/**
 * Returns the version that apt would install, or undefined. The package lists are read as they are, without an update.
 * @param {string} name
 */
export async function aptCandidate(name) {
  const { stdout } = await capture('apt-cache', ['policy', name], { env });
  const version = /Candidate: (\S+)/.exec(stdout)?.[1];
  return version === '(none)' ? undefined : version;
}

/** @param {string} command @param {boolean} allowSystem @returns {{ ok: true } | { missing: string }} */
function mayRun(command, allowSystem) {
  if (!allowSystem) return { missing: `\`${command}\` would be needed, and is run only with --system or CI=true` };
  if (process.getuid?.() !== 0) return { missing: `\`${command}\` would be needed, and needs root` };
  return { ok: true };
}
