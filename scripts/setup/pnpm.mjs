// The pnpm of package.json's `packageManager`, as a program of this machine's kind whose tarball has the hash in pins.mjs: what a
// registry says of its own files is no proof. npm brings it, since npm knows the user's registry, proxy and certificates.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, lastWords } from './child.mjs';
import { PNPM } from './pins.mjs';
import { note, SetupError } from './steps.mjs';

/**
 * @param {string} root of the clone
 * @returns {Promise<{ command: string, args: string[] }>} what to run, with pnpm's own arguments behind
 */
export async function pnpm(root) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (packageManager !== `pnpm@${PNPM.version}`)
    throw new SetupError(`package.json asks for ${packageManager}, and the hashes are those of pnpm@${PNPM.version}.`);
  const kind = kindOfMachine();
  const integrity = PNPM.integrity[kind];
  if (integrity === undefined) {
    note(`pnpm for ${kind} has no hash in pins.mjs: it is taken as the registry gives it`);
    // Not corepack: it is absent from newer Nodes and does not follow npm's registry setting.
    return { command: 'npx', args: ['--yes', packageManager] };
  }
  const program = join(root, '.cache', 'pnpm', `${PNPM.version}-${kind}`, 'package', 'pnpm');
  if (!existsSync(program)) await bring(root, kind, integrity);
  return { command: program, args: [] };
}

/** @param {string} root @param {string} kind @param {string} integrity */
async function bring(root, kind, integrity) {
  const cache = join(root, '.cache', 'pnpm');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'bringing-'));
  try {
    const name = `@pnpm/exe.${kind}@${PNPM.version}`;
    const packed = await capture('npm', ['pack', name, '--json', '--silent', '--pack-destination', folder], {
      cwd: folder,
    });
    if (packed.code === 127) throw new SetupError('npm was not found: install npm, which comes with Node.js.');
    if (packed.code !== 0) throw new SetupError(`npm could not bring ${name}: ${lastWords(packed)}`);
    const tarball = join(folder, `pnpm-exe.${kind}-${PNPM.version}.tgz`);
    const is = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (is !== integrity)
      throw new SetupError(
        `${name} is not the file that it was: expected ${integrity}, got ${is}. Nothing of it was run.`,
      );
    const unpacked = await capture('tar', ['-xzf', tarball, '-C', folder]);
    if (unpacked.code !== 0) throw new SetupError(`${name} could not be unpacked: ${lastWords(unpacked)}`);
    rmSync(tarball);
    const place = join(cache, `${PNPM.version}-${kind}`);
    rmSync(place, { recursive: true, force: true });
    renameSync(folder, place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** As pnpm names its programs: `linux-x64`, `linux-x64-musl`. */
function kindOfMachine() {
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const musl = process.platform === 'linux' && header.glibcVersionRuntime === undefined;
  return `${process.platform}-${process.arch}${musl ? '-musl' : ''}`;
}
