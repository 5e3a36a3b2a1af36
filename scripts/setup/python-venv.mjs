// Interpreters: which there are, what one can import, and a virtual environment under .cache/python that pip fills.
// Nothing here installs anything outside the clone.

import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture, lastWords } from './child.mjs';
import { EXTRAS, NUMPY } from './pins.mjs';
import { note } from './steps.mjs';
import { root } from './toolchain.mjs';
import { requirementsOf } from './wheel-hashes.mjs';

const cache = join(root, '.cache', 'python');

/** pip may meet an index that does not answer: it gets this long in all, and little patience for each request. */
const PIP_MS = 180_000;
const PIP_FLAGS = ['--timeout', '15', '--retries', '1', '--no-input', '--disable-pip-version-check', '-q'];

/**
 * Interpreters of these names, in PATH's order, /usr/bin last, each once.
 * @param {readonly string[]} names
 */
export async function pythonsOnPath(names) {
  /** @type {Map<string, string>} */
  const found = new Map();
  for (const name of names) {
    for (const folder of [...(process.env.PATH ?? '').split(delimiter), '/usr/bin']) {
      const path = join(folder, name);
      try {
        accessSync(path, constants.X_OK);
        // A version manager's shims are all one file under many names: the name is part of the identity.
        const identity = `${realpathSync(path)} ${name.replace(/^python3?$/, 'python')}`;
        if (!found.has(identity)) found.set(identity, path);
      } catch {
        // Not there, or not ours to run.
      }
    }
  }
  return [...found.values()];
}

const ASK = `
import importlib, json, os, sys
def version(name):
    try: return getattr(importlib.import_module(name), '__version__', 'unversioned')
    except Exception: return None
print(json.dumps({'executable': sys.executable, 'minor': sys.version_info[1] if sys.version_info[0] == 3 else -1,
                  'has': {name: version(name) for name in sys.argv[1:]}}))
`;

/**
 * @param {string} python
 * @param {readonly string[]} extra
 * @returns {Promise<{ executable: string, minor: number, numpy: string | undefined, lacks: string[] } | undefined>}
 */
export async function whatIn(python, extra) {
  const modules = extra.map((name) => EXTRAS[name]?.module ?? name);
  const { code, stdout } = await capture(python, ['-c', ASK, 'numpy', ...modules], { timeoutMs: 60_000 });
  if (code !== 0) return undefined;
  const { executable, minor, has } = JSON.parse(stdout);
  const lacks = extra.filter((_, index) => !has[modules[index] ?? '']);
  return { executable, minor, numpy: has.numpy ?? undefined, lacks };
}

/**
 * The environments made before, by whatever task: one that holds more than was asked for will do as well. Newest NumPy
 * first, after what their folders are called: `numpy-any`, `numpy-2-pillow`, `numpy-1.24`.
 */
export function cachedPythons() {
  if (!existsSync(cache)) return [];
  const found = readdirSync(cache)
    .sort()
    .reverse()
    .map((name) => join(cache, name, 'bin', 'python'));
  return found.filter((path) => existsSync(path));
}

/**
 * A new environment of our own with NumPy and the extras.
 * @param {string} want a key of NUMPY
 * @param {readonly string[]} extra
 * @param {readonly string[]} existing interpreters to try first
 * @returns {Promise<{ python: string, how: string } | { missing: string }>}
 */
export async function venvWithNumpy(want, extra, existing) {
  const pins = NUMPY[want];
  if (!pins) return { missing: `no pin for NumPy ${want}` };
  const folder = join(cache, ['numpy', want, ...extra].join('-'));
  const python = join(folder, 'bin', 'python');
  const failures = [];
  for (const base of [...existing, ...(await versioned(pins.from, pins.to))]) {
    const about = await whatIn(base, []);
    if (!about || about.minor < 8) continue;
    const exact = about.minor >= pins.from && about.minor <= pins.to;
    const numpy = exact ? pins.pin : pins.range;
    if (!numpy) continue;
    const extras = extra.map((name) => ((EXTRAS[name]?.from ?? 0) <= about.minor ? (EXTRAS[name]?.pin ?? name) : name));
    const failure = await fill(base, about.minor, folder, [numpy, ...extras]);
    if (!failure) return { python, how: 'by pip into .cache' };
    failures.push(failure.said);
    rmSync(folder, { recursive: true, force: true });
    // Another interpreter may have the modules this one lacks, but it would ask the same index.
    if (failure.index) break;
  }
  return { missing: failures.at(-1) ?? `no Python from 3.${pins.from} to 3.${pins.to} is here` };
}

/** Interpreters named after their version, newest first: only looked for when the plain names did not do. */
function versioned(/** @type {number} */ from, /** @type {number} */ to) {
  return pythonsOnPath(Array.from({ length: to - from + 1 }, (_, index) => `python3.${to - index}`));
}

/**
 * @param {string} base @param {number} minor @param {string} folder @param {readonly string[]} packages
 * @returns {Promise<{ said: string, index: boolean } | undefined>} undefined: it worked
 */
async function fill(base, minor, folder, packages) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, '..'), { recursive: true });
  // Debian ships `venv` without `ensurepip`, and often pip as well: an environment without a pip of its own, filled by
  // the base's pip, needs only what is there (and takes half the time). A bare python.org Python has ensurepip.
  const pip = (await capture(base, ['-m', 'pip', '--version'], { timeoutMs: 60_000 })).code === 0;
  const venv = await capture(base, ['-m', 'venv', ...(pip ? ['--without-pip'] : []), folder], { timeoutMs: 120_000 });
  if (venv.code !== 0) {
    const bare = !pip && /ensurepip/.test(venv.stdout + venv.stderr);
    return {
      said: bare ? `${base} has neither pip nor ensurepip` : `${base} -m venv: ${lastWords(venv, 1)}`,
      index: false,
    };
  }
  const lib = readdirSync(join(folder, 'lib')).find((name) => name.startsWith('python')) ?? `python3.${minor}`;
  const target = ['--target', join(folder, 'lib', lib, 'site-packages')];
  const requirements = requirementsOf(packages, minor);
  const list = join(folder, 'requirements.txt');
  if (requirements === undefined)
    note(
      `${packages.join(', ')}: no hashes are known for Python 3.${minor} here, so that they are taken as the index gives them`,
    );
  else writeFileSync(list, requirements);
  const wanted = requirements === undefined ? packages : ['--require-hashes', '--no-deps', '-r', list];
  const done = await capture(
    pip ? base : join(folder, 'bin', 'python'),
    ['-m', 'pip', 'install', ...PIP_FLAGS, '--only-binary=:all:', ...(pip ? target : []), ...wanted],
    // A user's own `user = true` would contradict --target.
    { timeoutMs: PIP_MS, env: { ...process.env, PIP_USER: '0' } },
  );
  if (done.code === 0) return undefined;
  // pip's last line says "no matching distribution" when nobody answered at all.
  const silent = done.timedOut || /Retrying|ConnectionError|timed out/i.test(done.stderr);
  return { said: silent ? "pip's package index did not answer" : lastWords(done, 1), index: true };
}
