// The versions and names of all packages that set-up downloads, except those of npm, which pnpm-workspace.yaml has, and those of
// Debian for a machine without Docker, which machine/debian-packages.mjs has. Only values are here: the files that use them know how to
// download them.

/** The oldest version of Node that runs TypeScript without a flag. */
export const OLDEST_NODE_FOR_TYPESCRIPT = [22, 18];

/**
 * The version of pnpm, which package.json has as well, and the sha512 of its tarball for each kind of machine on which it was checked.
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
 * The NumPy that pip installs for each kind of Python that may be asked for. `pin` has wheels for Python 3.`from` to 3.`to`; another
 * Python gets `range`.
 * @type {Record<string, { pin: string, from: number, to: number, range?: string }>}
 */
export const NUMPY = {
  any: { pin: 'numpy==2.4.6', from: 11, to: 14, range: 'numpy' },
  2: { pin: 'numpy==2.4.6', from: 11, to: 14, range: 'numpy>=2,<3' },
  // NumPy 1.24 has no wheel for a Python newer than 3.11, and no later version would do.
  1.24: { pin: 'numpy==1.24.4', from: 8, to: 11 },
};

/**
 * Packages that may be asked for beside NumPy: the module's name, Debian's name for the package if it has one, the version, and the
 * oldest Python 3 for which that version has a wheel.
 * @type {Record<string, { module: string, apt?: string, pin: string, from: number }>}
 */
export const EXTRAS = {
  numpysocket: { module: 'numpysocket', pin: 'numpysocket==2.0.2', from: 9 },
  pillow: { module: 'PIL', apt: 'python3-pil', pin: 'pillow==13.0.0', from: 11 },
};
