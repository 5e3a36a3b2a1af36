// The recipe of the base image's file tree. Packages are unpacked, not installed: their maintainer scripts would take most of a
// minute, and Python and NumPy need four lines of what those do. `configure` has these lines.

import { mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { capture, outputTail } from '../setup/child.mjs';
import { BASE_IMAGE_PACKAGES } from './debian-packages.mjs';

/** Models import these modules. They are compiled here once, and not at every start of a container. */
const WARM_UP = 'import numpy, asyncio, concurrent.futures, http.server, io, json, logging, socket, struct, threading';

/**
 * Makes `folder/rootfs` out of `folder/archives`.
 * @param {string} folder
 * @returns {Promise<string | undefined>} the failure, or undefined
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
    if (unpacked.code !== 0) return `${name}: ${outputTail(unpacked)}`;
  }
  const warm = await configure(rootfs);
  return warm.code === 0 ? undefined : `NumPy does not start in the new image: ${outputTail(warm)}`;
}

/**
 * Downloads the packages to `folder/archives`. apt finds the dependencies, as for a machine on which nothing is installed.
 * @param {string} folder
 * @returns {Promise<string | undefined>} the failure, or undefined
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
    'Debug::NoLocking=true', // nothing on the machine is changed, so nothing has to be locked
  ];
  const args = ['-y', '-q', '--download-only', ...options.flatMap((option) => ['-o', option]), 'install'];
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' };
  const done = await capture('apt-get', [...args, ...BASE_IMAGE_PACKAGES], { env, timeoutMs: 180_000 });
  return done.code === 0 ? undefined : outputTail(done);
}

function unpack(/** @type {string} */ deb, /** @type {string} */ rootfs) {
  const without = ['doc', 'info', 'locale', 'man'].map((name) => `--exclude=./usr/share/${name}`);
  const script = 'deb=$1; shift; dpkg-deb --fsys-tarfile "$deb" | tar -x --keep-directory-symlink "$@"';
  return capture('bash', ['-o', 'pipefail', '-c', script, 'unpack', deb, '-C', rootfs, ...without]);
}

/** Does the part of the maintainer scripts that Python and NumPy need. */
async function configure(/** @type {string} */ rootfs) {
  const etc = join(rootfs, 'etc');
  // The users. The package base-passwd, which makes them, depends on Perl.
  writeFileSync(
    join(etc, 'passwd'),
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n',
  );
  writeFileSync(join(etc, 'group'), 'root:x:0:\nnogroup:x:65534:\n');
  // python-is-python3, because a model's Dockerfile says `python ml_model.py`.
  symlinkSync('python3', join(rootfs, 'usr/bin/python'));
  // update-alternatives would make these links: NumPy links to libraries that lie in folders of their own.
  const lib = join(rootfs, 'usr/lib');
  for (const file of readdirSync(lib, { recursive: true, encoding: 'utf8' })) {
    const name = /\/(?:lapack|blas)\/(lib(?:lapack|blas)\.so\.3)$/.exec(file)?.[1];
    const link = join(dirname(dirname(join(lib, file))), name ?? '');
    if (name) symlinkSync(relative(dirname(link), join(lib, file)), link);
  }
  // NumPy's tests are not run in an image. The rest is compiled by WARM_UP, as py3compile would.
  for (const file of readdirSync(join(lib, 'python3/dist-packages/numpy'), { recursive: true, encoding: 'utf8' })) {
    if (file.endsWith('/tests')) rmSync(join(lib, 'python3/dist-packages/numpy', file), { recursive: true });
  }
  const env = { PATH: '/usr/sbin:/usr/bin' }; // without our variables: PYTHONDONTWRITEBYTECODE would keep Python from compiling
  const linked = await capture('chroot', [rootfs, 'ldconfig'], { env });
  return linked.code === 0 ? capture('chroot', [rootfs, 'python', '-c', WARM_UP], { env }) : linked;
}
