// Downloads the pnpm of package.json's `packageManager`, as a program for this kind of machine, and compares its tarball with the hash
// in pins.mjs, because a registry could send any file. npm does the download: it knows the user's registry, proxy and certificates.

import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, outputTail } from './child.mjs';
import { PNPM } from './pins.mjs';
import { note, SetupError } from './steps.mjs';

/**
 * @param {string} root of the clone
 * @returns {Promise<{ command: string, args: string[] }>} the command; pnpm's own arguments follow `args`
 */
export async function pnpm(root) {
  const { packageManager } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  if (packageManager !== `pnpm@${PNPM.version}`)
    throw new SetupError(
      `package.json asks for ${packageManager}, but the hashes in pins.mjs are those of pnpm@${PNPM.version}.`,
    );
  const kind = kindOfMachine();
  const integrity = PNPM.integrity[kind];
  if (integrity === undefined) {
    note(`pins.mjs has no hash of pnpm for ${kind}: it is run unchecked`);
    // Newer versions of Node have no corepack, and it ignores npm's registry setting.
    return { command: 'npx', args: ['--yes', packageManager] };
  }
  const program = join(root, '.cache', 'pnpm', `${PNPM.version}-${kind}`, 'package', 'pnpm');
  if (!existsSync(program)) await download(root, kind, integrity);
  return { command: program, args: [] };
}

/** @param {string} root @param {string} kind @param {string} integrity */
async function download(root, kind, integrity) {
  const cache = join(root, '.cache', 'pnpm');
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'downloading-'));
  try {
    const name = `@pnpm/exe.${kind}@${PNPM.version}`;
    const packed = await capture('npm', ['pack', name, '--json', '--silent', '--pack-destination', folder], {
      cwd: folder,
    });
    if (packed.code === 127) throw new SetupError('npm was not found: install npm, which comes with Node.js.');
    if (packed.code !== 0) throw new SetupError(`npm could not download ${name}: ${outputTail(packed)}`);
    const tarball = join(folder, `pnpm-exe.${kind}-${PNPM.version}.tgz`);
    const actual = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
    if (actual !== integrity)
      throw new SetupError(`${name} has the hash ${actual}, and pins.mjs expects ${integrity}. It was not run.`);
    const unpacked = await capture('tar', ['-xzf', tarball, '-C', folder]);
    if (unpacked.code !== 0) throw new SetupError(`${name} could not be unpacked: ${outputTail(unpacked)}`);
    rmSync(tarball);
    const place = join(cache, `${PNPM.version}-${kind}`);
    rmSync(place, { recursive: true, force: true });
    renameSync(folder, place);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the machine's kind as pnpm names its programs: `linux-x64`, `linux-x64-musl`. */
function kindOfMachine() {
  const { header } = /** @type {{ header: { glibcVersionRuntime?: string } }} */ (process.report.getReport());
  const musl = process.platform === 'linux' && header.glibcVersionRuntime === undefined;
  return `${process.platform}-${process.arch}${musl ? '-musl' : ''}`;
}
