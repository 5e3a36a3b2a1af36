// The form of a .npy file's header, which its reader and its writer share:
//   93 4E 55 4D 50 59 | major minor | length (2 bytes in 1.0, 4 in 2.0 and 3.0, little-endian) | text … \n | data
import type { Descr } from '../dtype/descr.ts';
import type { DTypeName } from '../dtype/dtype.ts';

/** The format versions that NumPy reads and writes. */
export type NpyVersion = readonly [major: 1 | 2 | 3, minor: 0];

/** Everything that the header of a .npy file says. */
export interface NpyHeader {
  /** The dtype's name in this package. */
  readonly dtype: DTypeName;
  /** The dtype in the spelling that NumPy writes, byte order included: `'<f4'`, `'|S3'`, `[['x', '>i8']]`. */
  readonly descr: Descr;
  /** Elements along each axis; empty for a 0-d array. */
  readonly shape: readonly number[];
  /** True if the first axis varies fastest in the data. */
  readonly fortranOrder: boolean;
  readonly version: NpyVersion;
  /** Bytes in front of the data. */
  readonly dataOffset: number;
  /** Bytes of data. `Infinity` for an object array, whose pickle does not say its length. */
  readonly dataBytes: number;
}

/** The bytes with which every .npy file starts: 93 and `NUMPY`. */
export const MAGIC: Uint8Array = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);

/** Returns the number of bytes in front of the header text: the magic string, the version, the length. */
export function prefixBytes(major: number): number {
  return major === 1 ? 10 : 12;
}
