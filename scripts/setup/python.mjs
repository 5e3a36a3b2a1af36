// Finds a Python with NumPy, or makes one. The ways that change least are tried first: the one that is set, those that are installed,
// an environment in .cache by pip, Debian's package. python-venv.mjs asks interpreters for their packages, and makes environments.

import { EXTRAS } from './pins.mjs';
import { cachedPythons, inspectPython, pythonsOnPath, venvWithNumpy } from './python-venv.mjs';
import { step, systemAllowed } from './steps.mjs';

/** @typedef {'any' | '2' | '1.24'} Want */
/** @typedef {{ python: string, numpy: string, how: string, lacks: string[] }} Python */

const VARIABLES = { any: 'BRIDGE_PYTHON', 2: 'BRIDGE_PYTHON', 1.24: 'BRIDGE_PYTHON_1_24' };
const LABELS = { any: 'NumPy', 2: 'NumPy 2', 1.24: 'NumPy 1.24' };

/**
 * @param {{ want: Want, extra?: string[], allowSystem?: boolean }} options `extra`: names from pins.mjs of
 * packages that are wanted as well; the result's `lacks` has those that could not be had
 * @returns {Promise<Python | { missing: string }>}
 */
export function findPython({ want, extra = [], allowSystem = systemAllowed() }) {
  return step(
    `Python with ${[LABELS[want], ...extra].join(', ')}`,
    () => search({ want, extra, allowSystem }),
    (found) => ('missing' in found ? 'not found' : `${found.python}, NumPy ${found.numpy}, ${found.how}`),
  );
}

/** @param {{ want: Want, extra: string[], allowSystem: boolean }} options */
async function search({ want, extra, allowSystem }) {
  const variable = VARIABLES[want];
  const set = process.env[variable];
  if (set) {
    const found = await pythonIfFit(set, want, extra, `from ${variable}`);
    // A Python that the user has set is used or refused, but never replaced without a word.
    return (
      found ?? { missing: `${variable} is set to ${set}, which cannot import ${LABELS[want]}: unset it or change it.` }
    );
  }

  /** @type {Python | undefined} has NumPy, but not the other packages: used only if no Python has both */
  let withoutExtras;
  const existing = await pythonsOnPath(['python3', 'python']);
  for (const [how, pythons] of /** @type {const} */ ([
    ['already there', existing],
    ['from .cache', cachedPythons()],
  ])) {
    for (const python of pythons) {
      const found = await pythonIfFit(python, want, extra, how);
      if (found?.lacks.length === 0) return found;
      withoutExtras ??= found;
    }
  }

  const made = await venvWithNumpy(want, extra, existing);
  if ('python' in made) {
    const found = await pythonIfFit(made.python, want, extra, made.how);
    if (found) return found;
  }
  const pipFailure = 'missing' in made ? made.missing : 'the new environment cannot import NumPy';

  const byApt = await fromApt(want, extra, allowSystem);
  if ('python' in byApt) return byApt;
  if (withoutExtras) return withoutExtras;
  return {
    missing:
      `No Python with ${LABELS[want]} was found: install it (on Debian: apt install python3-numpy) or set ${variable} ` +
      `to an interpreter that has it. Tried pip: ${pipFailure}. Tried apt: ${byApt.missing}.`,
  };
}

/**
 * @param {string} python @param {Want} want @param {string[]} extra @param {string} how
 * @returns {Promise<Python | undefined>}
 */
async function pythonIfFit(python, want, extra, how) {
  const has = await inspectPython(python, extra);
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
  // Most machines never come here, so what only serves the others is loaded when it is needed.
  const { aptCandidate, aptInstall, aptUpdate } = await import('../machine/apt.mjs');
  const system = '/usr/bin/python3';
  const fresh = await aptUpdate({ allowSystem });
  if ('missing' in fresh) return fresh;
  const candidate = (await aptCandidate('python3-numpy'))?.replace(/^\d+:/, '');
  if (!accepts(want, candidate))
    return { missing: candidate ? `apt has python3-numpy ${candidate}` : 'apt has no python3-numpy' };
  const packages = ['python3-numpy', ...extra.flatMap((name) => EXTRAS[name]?.apt ?? [])];
  const done = await aptInstall(packages, { allowSystem });
  if ('missing' in done) return done;
  return (await pythonIfFit(system, want, extra, 'from apt')) ?? { missing: `${system} still cannot import it` };
}
