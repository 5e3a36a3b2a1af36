// Debian packages: the only file that changes the machine outside the clone, and only where that is allowed. It knows
// apt's manners (one update, no questions, no recommended packages), not what the packages are for.

import { existsSync } from 'node:fs';
import { capture, lastWords } from '../setup/child.mjs';
import { step, systemAllowed } from '../setup/steps.mjs';

const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };

/** @type {Promise<{ ok: true } | { missing: string }> | undefined} one update a process, whoever asks first */
let updated;

/** @param {readonly string[]} packages */
export async function aptInstalled(packages) {
  const { code, stdout } = await capture('dpkg-query', ['-s', ...packages], { env });
  const installed = stdout.split('\n').filter((line) => line === 'Status: install ok installed');
  return code === 0 && installed.length === packages.length;
}

/**
 * Installs what is not there yet.
 * @param {readonly string[]} packages
 * @param {{ allowSystem?: boolean }} [options]
 * @returns {Promise<{ ok: true } | { missing: string }>}
 */
export async function aptInstall(packages, { allowSystem = systemAllowed() } = {}) {
  if (!existsSync('/usr/bin/apt-get')) return { missing: 'this system has no apt' };
  if (await aptInstalled(packages)) return { ok: true };
  const command = `apt-get install ${packages.join(' ')}`;
  const able = mayChange(command, allowSystem);
  if ('missing' in able) return able;
  const fresh = await aptUpdate({ allowSystem });
  if ('missing' in fresh) return fresh;
  return step(command, async () => {
    const done = await capture('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env });
    return done.code === 0 ? { ok: true } : { missing: `${command} failed: ${lastWords(done)}` };
  });
}

/**
 * @param {{ allowSystem?: boolean }} [options]
 * @returns {Promise<{ ok: true } | { missing: string }>}
 */
export async function aptUpdate({ allowSystem = systemAllowed() } = {}) {
  const able = mayChange('apt-get update', allowSystem);
  if ('missing' in able) return able;
  updated ??= step('apt-get update', async () => {
    const done = await capture('apt-get', ['update', '-q'], { env, timeoutMs: 180_000 });
    return done.code === 0 ? { ok: true } : { missing: `apt-get update failed: ${lastWords(done)}` };
  });
  return updated;
}

/**
 * The version apt would install, or undefined. Reads the lists as they are.
 * @param {string} name
 */
export async function aptCandidate(name) {
  const { stdout } = await capture('apt-cache', ['policy', name], { env });
  const version = /Candidate: (\S+)/.exec(stdout)?.[1];
  return version === '(none)' ? undefined : version;
}

/** @param {string} what @param {boolean} allowSystem @returns {{ ok: true } | { missing: string }} */
function mayChange(what, allowSystem) {
  if (!allowSystem) return { missing: `it takes \`${what}\`, which is run only with --system or CI=true` };
  if (process.getuid?.() !== 0) return { missing: `it takes \`${what}\`, which needs root` };
  return { ok: true };
}
