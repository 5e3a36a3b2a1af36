// The hashes of the wheels that pins.mjs names, in wheel-hashes.txt, as sha256sum writes them. Where there is none for a Python or a
// machine, pip installs what its index gives, and set-up says so.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @type {readonly { hash: string, file: string }[]} */
const WHEELS = readFileSync(join(import.meta.dirname, 'wheel-hashes.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => ({ hash: line.slice(0, 64), file: line.slice(66) }));

/** The names of systems and processors in the names of wheels. */
const SYSTEMS = /** @type {Record<string, RegExp>} */ ({ linux: /linux/, darwin: /macosx/ });
const PROCESSORS = /** @type {Record<string, RegExp>} */ ({ arm64: /aarch64|arm64/, x64: /x86_64/ });

/**
 * Returns the lines of a requirements file with all hashes of each package, or undefined if a package has none for this Python on this
 * machine.
 * @param {readonly string[]} pins `numpy==2.4.6`
 * @param {number} minor 11 for Python 3.11
 */
export function requirementsOf(pins, minor) {
  const lines = pins.map((pin) => {
    const [name, version] = pin.split('==');
    const own = WHEELS.filter(({ file }) => file.startsWith(`${name}-${version}-`));
    const fits = own.some(({ file }) => file.endsWith('-none-any.whl') || isFor(file, minor));
    return fits ? `${pin} ${own.map(({ hash }) => `--hash=sha256:${hash}`).join(' ')}\n` : undefined;
  });
  return lines.includes(undefined) ? undefined : lines.join('');
}

/** @param {string} file @param {number} minor */
function isFor(file, minor) {
  const system = SYSTEMS[process.platform];
  const processor = PROCESSORS[process.arch];
  return file.includes(`-cp3${minor}-`) && system?.test(file) === true && processor?.test(file) === true;
}
