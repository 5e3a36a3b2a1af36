// The contract of a codec for object arrays, whose data is a pickle. The codec itself is pickle/pickle.ts.

import type { Limits } from '../arguments/limits.ts';
import type { Descr } from '../dtype/descr.ts';
import type { StringDType } from '../dtype/stringdtype.ts';
import type { UnsharedBytes } from '../types/unshared.ts';

/** An array of Python objects. */
export interface ObjectArray {
  /** `|O`, the fields of a structured dtype in which there are objects, or NumPy's StringDType. */
  readonly descr: Descr | StringDType;
  readonly shape: readonly number[];
  /** The order of the array in memory. The items are in C order in either case. */
  readonly fortranOrder: boolean;
  /** The elements in C order. Those of a structured dtype are tuples. */
  readonly items: unknown[];
  /** Data of the codec that read the array, with which it can write the same bytes again. */
  readonly source?: unknown;
}

/** Reads and writes the data of object arrays. */
export interface ObjectCodec {
  /**
   * Reads one array from the start of `bytes`.
   * @throws NpyError if the bytes are not an array
   */
  decode(bytes: Uint8Array, limits: Partial<Limits>): ObjectArray;
  /** Writes an array. @throws NpyError NPY_VALUE for an element that cannot be saved */
  encode(array: ObjectArray): UnsharedBytes;
}
