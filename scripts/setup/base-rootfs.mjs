// The recipe of the base image's file tree. Packages are unpacked, not installed: their maintainer scripts would take
// most of a minute, and what they do that Python and NumPy need is four lines, written out here.

import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { capture, lastWords } from './child.mjs';
import { BASE_IMAGE_PACKAGES } from './pins.mjs';

/** A model imports these: compiled once here instead of at every start of a container. */
const WARM_UP = 'import numpy, asyncio, concurrent.futures, http.server, io, json, logging, socket, struct, threading';

/**
 * Makes `folder/rootfs` out of `folder/archives`.
 * @param {string} folder
 * @returns {Promise<string | undefined>} what went wrong
 */
export async function fillRootFs(folder) {
  const rootfs = join(folder, 'rootfs');
  const archives = join(folder, 'archives');

  // Debian's merged /usr: packages that still say /bin land where the links point.
  for (const name of ['bin', 'sbin', 'lib', 'lib64']) {
    mkdirSync(join(rootfs, 'usr', name), { recursive: true });
    symlinkSync(`usr/${name}`, join(rootfs, name));
  }
  for (const name of readdirSync(archives).filter((entry) => entry.endsWith('.deb'))) {
    const unpacked = await unpack(join(archives, name), rootfs);
    if (unpacked.code !== 0) return `${name}: ${lastWords(unpacked)}`;
  }
  const warm = await configure(rootfs);
  return warm.code === 0 ? undefined : `NumPy does not start in the new image: ${lastWords(warm)}`;
}

/**
 * Fills `folder/archives`. apt itself works out the dependencies, as for a machine on which nothing is installed.
 * @param {string} folder
 * @returns {Promise<string | undefined>} what went wrong
 */
export async function downloadPackages(folder) {
  const status = join(folder, 'status');
  const archives = join(folder, 'archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  writeFileSync(status, '');
  const options = [
    `Dir::State::status=${status}`,
    `Dir::Cache::archives=${archives}`,
    'Dir::Cache::pkgcache=',
    'Dir::Cache::srcpkgcache=',
    'APT::Install-Recommends=false',
    'APT::Sandbox::User=root', // apt's own user may not enter the clone's folder
    'APT::Keep-Downloaded-Packages=true',
    'Debug::NoLocking=true', // nothing of the machine's is changed
  ];
  const args = ['-y', '-q', '--download-only', ...options.flatMap((option) => ['-o', option]), 'install'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const done = await capture('apt-get', [...args, ...BASE_IMAGE_PACKAGES], { env, timeoutMs: 180_000 });
  return done.code === 0 ? undefined : lastWords(done);
}

function unpack(/** @type {string} */ deb, /** @type {string} */ rootfs) {
  const without = ['doc', 'info', 'locale', 'man'].map((name) => `--exclude=./usr/share/${name}`);
  const script = 'deb=$1; shift; dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink "$@"';
  return capture('bash', ['-o', 'pipefail', '-c', script, 'unpack', deb, '-C', rootfs, ...without]);
}

/** What the maintainer scripts would have done. */
async function configure(/** @type {string} */ rootfs) {
  const etc = join(rootfs, 'etc');
  // base-passwd, which would bring Perl along: the users.
  writeFileSync(
    join(etc, 'passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n',
  );
  writeFileSync(join(etc, 'group'), 'root:x:0:\nnogroup:x:65534:\n');
  // python-is-python3, because a model's Dockerfile says `python ml_model.py`.
  symlinkSync('python3', join(rootfs, 'usr/bin/python'));
  // update-alternatives: the linear algebra that NumPy links to lies in folders of its own.
  const lib = join(rootfs, 'usr/lib');
  for (const file of readdirSync(lib, { recursive: true, encoding: 'utf8' })) {
    const name = /\/(?:lapack|blas)\/(lib(?:lapack|blas)\.so\.3)$/.exec(file)?.[1];
    const link = join(dirname(dirname(join(lib, file))), name ?? '');
    if (name) symlinkSync(relative(dirname(link), join(lib, file)), link);
  }
  // py3compile, and the tests that nobody runs in an image.
  for (const file of readdirSync(join(lib, 'python3/dist-packages/numpy'), { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('/tests')) rmSync(join(lib, 'python3/dist-packages/numpy', file), { recursive: true });
  }
  const env = { PATH: '/usr/sbin:/usr/bin' }; // nothing of ours, PYTHONDONTWRITEBYTECODE least of all
  const linked = await capture('chroot', [rootfs, 'ldconfig'], { env });
  return linked.code === 0 ? capture('chroot', [rootfs, 'python', '-c', WARM_UP], { env }) : linked;
}
