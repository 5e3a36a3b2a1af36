// A set of dtypes, as readers and writers take it, so that a program that needs only numbers carries no code for others.
// The contract alone: all-dtypes.ts has every dtype, numeric-dtypes.ts the numbers.

import type { CheckedView, Stores } from '../array/npy-view.ts';
import type { Descr } from '../dtype/descr.ts';
import type { DType } from '../dtype/dtype.ts';
import type { HeaderDTypes } from '../header/read.ts';
import type { StoreMaker } from '../stores/clone.ts';

/** What differs between one set of dtypes and another. */
export interface DTypeSet extends HeaderDTypes, Stores, StoreMaker {
  /**
   * The dtype that a caller names or spells. A name without a width, such as `str`, gets the width that the elements of
   * `source` need.
   * @throws NpyError NPY_DESCR, the caller's fault
   */
  named(dtype: unknown, source?: CheckedView): DType;
  /** `repr(descr)`. */
  repr(descr: Descr): string;
  /** Whether elements of both are the same bytes, but for the byte order. */
  isSame(a: DType, b: DType): boolean;
  /** Whether a file has some word of an element in the other byte order than this machine. */
  isForeign(type: DType): boolean;
  /** Whether an element has bytes that are cleared before it is written. */
  hasPadding(type: DType): boolean;
  /** Turns elements as a file has them into elements of the native dtype, in place. */
  toNative(bytes: Uint8Array, type: DType): void;
  /** Turns elements of the native dtype into elements as a file has them, in place. */
  fromNative(bytes: Uint8Array, type: DType): void;
  /** A C-contiguous copy in another dtype. @throws NpyError NPY_VALUE if an element does not fit */
  convert(view: CheckedView, type: DType): CheckedView;
}
