// The image a model's Dockerfile can stand on where no registry can be reached: `python` and NumPy out of Debian's
// packages, put together by this machine's own apt (its mirrors, proxies, certificates and signatures), unpacked into a
// folder, never installed on the machine. Like a distroless image it holds no package manager. The tarball stays in
// .cache/docker; importing it takes a few seconds.

import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, lastWords } from '../setup/child.mjs';
import { BASE_IMAGE_PACKAGES } from '../setup/pins.mjs';
import { step, systemAllowed } from '../setup/steps.mjs';
import { root } from '../setup/toolchain.mjs';
import { aptUpdate } from './apt.mjs';
import { downloadPackages, fillRootFs } from './base-rootfs.mjs';

const cache = join(root, '.cache', 'docker');

/**
 * @param {{ host: string, docker?: string, allowSystem?: boolean }} options of the engine that gets the image
 * @returns {Promise<{ image: string, how: string } | { missing: string }>}
 */
export function baseImage({ host, docker = 'docker', allowSystem = systemAllowed() }) {
  return step(
    'Base image',
    () => findOrMake(host, docker, allowSystem),
    (found) => ('missing' in found ? 'not made' : `${found.image}, ${found.how}`),
  );
}

/**
 * @param {string} host @param {string} docker @param {boolean} allowSystem
 * @returns {Promise<{ image: string, how: string } | { missing: string }>}
 */
async function findOrMake(host, docker, allowSystem) {
  const hash = createHash('sha256').update(BASE_IMAGE_PACKAGES.join()).update(readFileSync(RECIPE)).digest('hex');
  const recipe = hash.slice(0, 12);
  const image = `bridge-base:${codename()}-${recipe}`;
  const env = { ...process.env, DOCKER_HOST: host };
  if ((await capture(docker, ['image', 'inspect', image], { env })).code === 0) return { image, how: 'already there' };

  const tarball = join(cache, `bridge-base-${codename()}-${process.arch}-${recipe}.tar`);
  const known = existsSync(tarball);
  if (!known) {
    const made = await make(tarball, allowSystem);
    if (made) return { missing: `No base image could be made: ${made}.` };
  }
  const path = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const input = openSync(tarball, 'r');
  // Through standard input: an engine behind a socket need not see our files.
  const done = await capture(docker, ['import', '--change', path, '-', image], { env, stdin: input });
  closeSync(input);
  if (done.code !== 0) return { missing: `The base image could not be imported: ${lastWords(done)}` };
  return { image, how: known ? 'from .cache' : 'made from Debian packages' };
}

const RECIPE = join(import.meta.dirname, 'base-rootfs.mjs');

/** @param {string} tarball @param {boolean} allowSystem @returns {Promise<string | undefined>} what went wrong */
async function make(tarball, allowSystem) {
  if (!existsSync('/usr/bin/apt-get')) return 'this system has no apt';
  if (process.getuid?.() !== 0) return 'unpacking it needs root';
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'making-'));
  try {
    let failure = await downloadPackages(folder);
    if (failure) {
      // The lists may be old, or not there at all.
      const fresh = await aptUpdate({ allowSystem });
      if ('missing' in fresh) return `${failure} (${fresh.missing})`;
      failure = await downloadPackages(folder);
    }
    failure ??= await fillRootFs(folder);
    if (failure) return failure;
    const packed = await capture('tar', [
      '-C',
      join(folder, 'rootfs'),
      '--numeric-owner',
      '-cf',
      join(folder, 'tar'),
      '.',
    ]);
    if (packed.code !== 0) return lastWords(packed);
    renameSync(join(folder, 'tar'), tarball);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The release whose packages this machine's apt gives. */
function codename() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1] ?? 'debian';
}
