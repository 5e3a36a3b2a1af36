// Every version and package name that set-up brings from outside, in one place. Plain values only: how they are
// brought is written in the file of whoever uses them. What npm brings is pinned in pnpm-workspace.yaml instead.

/** The oldest Node that runs TypeScript without a flag. */
export const NODE_STRIPPING_TYPES = [22, 18];

/**
 * The hashes of pnpm's program for each kind of machine on which it was looked at, sha512 of its tarball. package.json has the version,
 * too.
 * @type {{ version: string, integrity: Record<string, string> }}
 */
export const PNPM = {
  version: '12.21.0',
  integrity: {
    'linux-arm64': 'sha512-4Oj/iF2TDCe2lcH0n4TupPR5sSdrNLclJB6xBElLMPCUOAvBhdf2rRlSaO5M4erJ6g4Fyy7YTXTpcmfFsKyxEA==',
    'linux-x64': 'sha512-8eufCjHXspKbNS/kh8q4Q0gqJoOuvC4Q5pgos6XS8By/nAMtP+jf8F1Cw9er840kfAX+PJ/ts+A9qnLE91rvXQ==',
  },
};

/**
 * What `pip` installs for each kind of Python asked for, and on which Python the exact pin has a wheel. Elsewhere the
 * range is used.
 * @type {Record<string, { pin: string, from: number, to: number, range?: string }>}
 */
export const NUMPY = {
  any: { pin: 'numpy==2.4.6', from: 11, to: 14, range: 'numpy' },
  2: { pin: 'numpy==2.4.6', from: 11, to: 14, range: 'numpy>=2,<3' },
  // No wheel of 1.24 exists for a Python newer than 3.11, and a later 1.x would not be what the name says.
  1.24: { pin: 'numpy==1.24.4', from: 8, to: 11 },
};

/**
 * Packages that may be asked for beside NumPy: the name of the module, of Debian's package where it has one, and the pin.
 * @type {Record<string, { module: string, apt?: string, pin: string, from: number }>}
 */
export const EXTRAS = {
  numpysocket: { module: 'numpysocket', pin: 'numpysocket==2.0.2', from: 9 },
  pillow: { module: 'PIL', apt: 'python3-pil', pin: 'pillow==13.0.0', from: 11 },
};

/** Debian's packages behind a Docker Engine started by hand; `ip` makes its bridge. */
export const ENGINE_PACKAGES = ['docker.io', 'iproute2'];

/** What the base image holds; apt adds what these depend on. */
export const BASE_IMAGE_PACKAGES = [
  'base-files',
  'coreutils',
  'dash',
  'grep',
  'libc-bin',
  'libstdc++6', // for Node, where it is added: node-image.mjs
  'python3-minimal',
  'python3-numpy',
  'sed',
];
