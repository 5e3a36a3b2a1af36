// The names of Debian's packages that a machine without Docker needs. Only values are here: apt.mjs installs them, and the base image
// consists of them.

/** Debian's packages of a Docker Engine, and of the command `ip`, which makes its bridge. */
export const ENGINE_PACKAGES = ['docker.io', 'iproute2'];

/** Debian's packages in the base image. apt adds those that they depend on. */
export const BASE_IMAGE_PACKAGES = [
  'base-files',
  'coreutils',
  'dash',
  'grep',
  'libc-bin',
  'libstdc++6', // for Node, which node-image.mjs adds
  'python3-minimal',
  'python3-numpy',
  'sed',
];
