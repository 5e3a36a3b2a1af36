// Makes the base image of a model's Dockerfile where no registry can be reached: `python` and NumPy out of Debian's packages. This
// machine's own apt downloads them (with its mirrors, proxies, certificates and signatures), and they are unpacked into a folder, not
// installed. Like a distroless image it has no package manager. The tarball stays in .cache/docker, and takes a few seconds to import.

import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { capture, outputTail } from '../setup/child.mjs';
import { step, systemAllowed } from '../setup/steps.mjs';
import { root } from '../setup/toolchain.mjs';
import { aptUpdate } from './apt.mjs';
import { downloadPackages, fillRootFs } from './base-rootfs.mjs';
import { BASE_IMAGE_PACKAGES } from './debian-packages.mjs';

const cache = join(root, '.cache', 'docker');

/**
 * @param {{ host: string, docker?: string, allowSystem?: boolean }} options `host`: the engine that gets the image
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
    const failure = await make(tarball, allowSystem);
    if (failure) return { missing: `No base image could be made: ${failure}.` };
  }
  const path = 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
  const input = openSync(tarball, 'r');
  // The tarball goes through standard input, because the engine may not see our files.
  const done = await capture(docker, ['import', '--change', path, '-', image], { env, stdin: input });
  closeSync(input);
  if (done.code !== 0) return { missing: `The base image could not be imported: ${outputTail(done)}` };
  return { image, how: known ? 'from .cache' : 'made from Debian packages' };
}

const RECIPE = join(import.meta.dirname, 'base-rootfs.mjs');

/** @param {string} tarball @param {boolean} allowSystem @returns {Promise<string | undefined>} the failure, or undefined */
async function make(tarball, allowSystem) {
  if (!existsSync('/usr/bin/apt-get')) return 'this system has no apt';
  if (process.getuid?.() !== 0) return 'unpacking it needs root';
  mkdirSync(cache, { recursive: true });
  const folder = mkdtempSync(join(cache, 'making-'));
  try {
    let failure = await downloadPackages(folder);
    if (failure) {
      // The package lists may be old or missing.
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
    if (packed.code !== 0) return outputTail(packed);
    renameSync(join(folder, 'tar'), tarball);
    return undefined;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Returns the code name of the release whose packages this machine's apt installs. */
function codename() {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return /^VERSION_CODENAME=(\w+)/m.exec(release)?.[1] ?? 'debian';
}
