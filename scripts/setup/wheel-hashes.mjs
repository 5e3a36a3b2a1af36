// The hashes of the wheels that pins.mjs names, as far as each was looked at: wheel-hashes.txt, as sha256sum writes it. Where a Python
// or a machine has none, pip brings what its index gives, and set-up says so.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** @type {readonly { hash: string, file: string }[]} */
const WHEELS = readFileSync(join(import.meta.dirname, 'wheel-hashes.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => ({ hash: line.slice(0, 64), file: line.slice(66) }));

/** What wheels call a system, and a processor. */
const SYSTEMS = /** @type {Record<string, RegExp>} */ ({ linux: /linux/, darwin: /macosx/ });
const PROCESSORS = /** @type {Record<string, RegExp>} */ ({ arm64: /aarch64|arm64/, x64: /x86_64/ });

/**
 * The lines of a requirements file with all hashes of each package; undefined where one of them has none for this Python on this
 * machine.
 * @param {readonly string[]} pins `numpy==2.4.6`
 * @param {number} minor Python's
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
