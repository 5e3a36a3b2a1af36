// A Python with NumPy, found or made. The ways are tried from the least intrusive on, and only when the last one has
// failed is there a sentence for the user: what is set, what is there, what pip brings into .cache, what apt brings.
// How an interpreter is asked and an environment filled is in python-venv.mjs.

import { aptCandidate, aptInstall, aptUpdate } from '../machine/apt.mjs';
import { EXTRAS } from './pins.mjs';
import { cachedPythons, pythonsOnPath, venvWithNumpy, whatIn } from './python-venv.mjs';
import { step, systemAllowed } from './steps.mjs';

/** @typedef {'any' | '2' | '1.24'} Want */
/** @typedef {{ python: string, numpy: string, how: string, lacks: string[] }} Python */

const VARIABLE = { any: 'BRIDGE_PYTHON', 2: 'BRIDGE_PYTHON', 1.24: 'BRIDGE_PYTHON_1_24' };
const WORDS = { any: 'NumPy', 2: 'NumPy 2', 1.24: 'NumPy 1.24' };

/**
 * @param {{ want: Want, extra?: string[], allowSystem?: boolean }} options `extra`: names from pins.mjs that should
 * come along; those that nobody could bring are in the result's `lacks`
 * @returns {Promise<Python | { missing: string }>}
 */
export function findPython({ want, extra = [], allowSystem = systemAllowed() }) {
  return step(
    `Python with ${[WORDS[want], ...extra].join(', ')}`,
    () => search({ want, extra, allowSystem }),
    (found) => ('missing' in found ? 'not found' : `${found.python}, NumPy ${found.numpy}, ${found.how}`),
  );
}

/** @param {{ want: Want, extra: string[], allowSystem: boolean }} options */
async function search({ want, extra, allowSystem }) {
  const variable = VARIABLE[want];
  const set = process.env[variable];
  if (set) {
    const found = await fitting(set, want, extra, `from ${variable}`);
    // An explicit choice is used or refused, never silently replaced.
    return (
      found ?? { missing: `${variable} is set to ${set}, which cannot import ${WORDS[want]}: unset it or mend it.` }
    );
  }

  /** @type {Python | undefined} has the NumPy but not the extras: good enough only when nobody has both */
  let half;
  const existing = await pythonsOnPath(['python3', 'python']);
  for (const [how, pythons] of /** @type {const} */ ([
    ['already there', existing],
    ['from .cache', cachedPythons()],
  ])) {
    for (const python of pythons) {
      const found = await fitting(python, want, extra, how);
      if (found?.lacks.length === 0) return found;
      half ??= found;
    }
  }

  const made = await venvWithNumpy(want, extra, existing);
  if ('python' in made) {
    const found = await fitting(made.python, want, extra, made.how);
    if (found) return found;
  }
  const pipSaid = 'missing' in made ? made.missing : 'the new environment cannot import NumPy';

  const byApt = await fromApt(want, extra, allowSystem);
  if ('python' in byApt) return byApt;
  if (half) return half;
  return {
    missing:
      `No Python with ${WORDS[want]} was found: install it (on Debian: apt install python3-numpy) or set ${variable} ` +
      `to an interpreter that has it. Tried pip: ${pipSaid}. Tried apt: ${byApt.missing}.`,
  };
}

/**
 * @param {string} python @param {Want} want @param {string[]} extra @param {string} how
 * @returns {Promise<Python | undefined>}
 */
async function fitting(python, want, extra, how) {
  const has = await whatIn(python, extra);
  if (!has?.numpy || !accepts(want, has.numpy)) return undefined;
  return { python: has.executable, numpy: has.numpy, how, lacks: has.lacks };
}

/** @param {Want} want @param {string | undefined} numpy */
function accepts(want, numpy) {
  const [major = 0, minor = 0] = (numpy ?? '').split('.').map(Number);
  if (want === '2') return major >= 2;
  if (want === '1.24') return major === 1 && minor === 24;
  return major >= 1;
}

/**
 * @param {Want} want @param {string[]} extra @param {boolean} allowSystem
 * @returns {Promise<Python | { missing: string }>}
 */
async function fromApt(want, extra, allowSystem) {
  const system = '/usr/bin/python3';
  const fresh = await aptUpdate({ allowSystem });
  if ('missing' in fresh) return fresh;
  const candidate = (await aptCandidate('python3-numpy'))?.replace(/^\d+:/, '');
  if (!accepts(want, candidate)) return { missing: `apt has python3-numpy ${candidate ?? 'nowhere'}` };
  const packages = ['python3-numpy', ...extra.flatMap((name) => EXTRAS[name]?.apt ?? [])];
  const done = await aptInstall(packages, { allowSystem });
  if ('missing' in done) return done;
  return (await fitting(system, want, extra, 'from apt')) ?? { missing: `${system} cannot import it all the same` };
}
