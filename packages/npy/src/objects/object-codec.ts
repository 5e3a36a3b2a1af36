// What this package asks of whoever reads and writes pickles: the data of object arrays. The contract alone.

import type { Limits } from '../arguments/limits.ts';
import type { Descr } from '../dtype/descr.ts';
import type { StringDType } from '../dtype/string-dtype.ts';
import type { UnsharedBytes } from '../memory/unshared.ts';

/** An array of Python objects. */
export interface ObjectArray {
  /** `|O`, the fields of a structured dtype in which there are objects, or NumPy's StringDType. */
  readonly descr: Descr | StringDType;
  readonly shape: readonly number[];
  /** How the array lies in memory. The items are in C order whatever it says. */
  readonly fortranOrder: boolean;
  /** In C order. Elements of a structured dtype are tuples. */
  readonly items: unknown[];
  /** Of an array that was read: whatever the codec needs to write it again with the same bytes. */
  readonly source?: unknown;
}

/** Reads and writes what stands behind the header of an object array. */
export interface ObjectCodec {
  /**
   * Reads one array from the start of `bytes`.
   * @throws NpyError for anything that is none
   */
  decode(bytes: Uint8Array, limits: Partial<Limits>): ObjectArray;
  /** @throws NpyError NPY_VALUE for an element that cannot be saved */
  encode(array: ObjectArray): UnsharedBytes;
}
