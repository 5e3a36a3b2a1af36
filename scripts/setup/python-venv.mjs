// Finds Python interpreters, asks them which packages they have, and makes virtual environments in .cache/python with pip. Nothing is
// installed outside of the clone.

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
import { capture, outputTail } from './child.mjs';
import { EXTRAS, NUMPY } from './pins.mjs';
import { note } from './steps.mjs';
import { root } from './toolchain.mjs';
import { requirementsOf } from './wheel-hashes.mjs';

const cache = join(root, '.cache', 'python');

/** A package index may not answer, so pip gets a limit in all, and a short one for each request. */
const PIP_MS = 180_000;
const PIP_FLAGS = ['--timeout', '15', '--retries', '1', '--no-input', '--disable-pip-version-check', '-q'];

/**
 * Returns the interpreters of these names, each once, in the order of PATH, with /usr/bin last.
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
        // Version managers have one file with many names, each of which starts another Python.
        const identity = `${realpathSync(path)} ${name.replace(/^python3?$/, 'python')}`;
        if (!found.has(identity)) found.set(identity, path);
      } catch {
        // There is no such file, or it may not be run.
      }
    }
  }
  return [...found.values()];
}

const INSPECT = `
import importlib, json, os, sys
def version(name):
    try: return getattr(importlib.import_module(name), '__version__', 'unversioned')
    except Exception: return None
print(json.dumps({'executable': sys.executable, 'minor': sys.version_info[1] if sys.version_info[0] == 3 else -1,
                  'has': {name: version(name) for name in sys.argv[1:]}}))
`;

/**
 * Returns the packages of an interpreter, or undefined if it does not run.
 * @param {string} python
 * @param {readonly string[]} extra
 * @returns {Promise<{ executable: string, minor: number, numpy: string | undefined, lacks: string[] } | undefined>}
 */
export async function inspectPython(python, extra) {
  const modules = extra.map((name) => EXTRAS[name]?.module ?? name);
  const { code, stdout } = await capture(python, ['-c', INSPECT, 'numpy', ...modules], { timeoutMs: 60_000 });
  if (code !== 0) return undefined;
  const { executable, minor, has } = JSON.parse(stdout);
  const lacks = extra.filter((_, index) => !has[modules[index] ?? '']);
  return { executable, minor, numpy: has.numpy ?? undefined, lacks };
}

/**
 * Returns the environments that earlier tasks have made, the newest NumPy first, by the names of their folders: `numpy-any`,
 * `numpy-2-pillow`, `numpy-1.24`.
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
 * Makes an environment with NumPy and other packages.
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
    const about = await inspectPython(base, []);
    if (!about || about.minor < 8) continue;
    const exact = about.minor >= pins.from && about.minor <= pins.to;
    const numpy = exact ? pins.pin : pins.range;
    if (!numpy) continue;
    const extras = extra.map((name) => ((EXTRAS[name]?.from ?? 0) <= about.minor ? (EXTRAS[name]?.pin ?? name) : name));
    const failure = await makeVenv(base, about.minor, folder, [numpy, ...extras]);
    if (!failure) return { python, how: 'by pip into .cache' };
    failures.push(failure.message);
    rmSync(folder, { recursive: true, force: true });
    // Another interpreter would ask the same index.
    if (failure.index) break;
  }
  return { missing: failures.at(-1) ?? `no Python from 3.${pins.from} to 3.${pins.to} is here` };
}

/** Returns interpreters that have a version in their names, the newest first. They are looked for last. */
function versioned(/** @type {number} */ from, /** @type {number} */ to) {
  return pythonsOnPath(Array.from({ length: to - from + 1 }, (_, index) => `python3.${to - index}`));
}

/**
 * @param {string} base @param {number} minor @param {string} folder @param {readonly string[]} packages
 * @returns {Promise<{ message: string, index: boolean } | undefined>} the failure, and whether the package index caused it
 */
async function makeVenv(base, minor, folder, packages) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, '..'), { recursive: true });
  // Debian's Python has `venv` but no `ensurepip`, and often has pip. So the interpreter's own pip fills the environment, which also
  // takes half the time. A Python from python.org without pip has `ensurepip`.
  const pip = (await capture(base, ['-m', 'pip', '--version'], { timeoutMs: 60_000 })).code === 0;
  const venv = await capture(base, ['-m', 'venv', ...(pip ? ['--without-pip'] : []), folder], { timeoutMs: 120_000 });
  if (venv.code !== 0) {
    const bare = !pip && /ensurepip/.test(venv.stdout + venv.stderr);
    return {
      message: bare ? `${base} has neither pip nor ensurepip` : `${base} -m venv: ${outputTail(venv, 1)}`,
      index: false,
    };
  }
  const lib = readdirSync(join(folder, 'lib')).find((name) => name.startsWith('python')) ?? `python3.${minor}`;
  const target = ['--target', join(folder, 'lib', lib, 'site-packages')];
  const requirements = requirementsOf(packages, minor);
  const list = join(folder, 'requirements.txt');
  if (requirements === undefined)
    note(
      `no hashes of ${packages.join(', ')} are known for Python 3.${minor} on this machine: they are installed unchecked`,
    );
  else writeFileSync(list, requirements);
  const wanted = requirements === undefined ? packages : ['--require-hashes', '--no-deps', '-r', list];
  const done = await capture(
    pip ? base : join(folder, 'bin', 'python'),
    ['-m', 'pip', 'install', ...PIP_FLAGS, '--only-binary=:all:', ...(pip ? target : []), ...wanted],
    // A setting `user = true` of the user would contradict --target.
    { timeoutMs: PIP_MS, env: { ...process.env, PIP_USER: '0' } },
  );
  if (done.code === 0) return undefined;
  // pip's last line is "no matching distribution" even if the index did not answer at all.
  const silent = done.timedOut || /Retrying|ConnectionError|timed out/i.test(done.stderr);
  return { message: silent ? "pip's package index did not answer" : outputTail(done, 1), index: true };
}
