// The result of reading a pickle, and the one option that changes it.

import type { Identities } from '../identities.ts';

/** The value of a pickle, and how it was written. */
export interface Unpickled {
  readonly value: unknown;
  readonly identities: Identities;
  /** The protocol that the pickle declares, up to 5. Pickles of protocol 0 and 1 declare none, which is 0 here. */
  readonly protocol: number;
  /** The module in the name of the first array or scalar: that of NumPy 2, or of NumPy 1. */
  readonly numpyCore: 'numpy._core' | 'numpy.core' | undefined;
  /** The bytes up to and including STOP. Another pickle may follow. */
  readonly byteLength: number;
}

/** The reading of Python 2's strs, which are bytes: as ASCII text, as Latin-1 text, or as bytes. */
export type Python2Encoding = 'ascii' | 'latin1' | 'bytes';
