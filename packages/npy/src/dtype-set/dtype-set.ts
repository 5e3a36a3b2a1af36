// The contract of a set of dtypes. Functions that read and write take a set as an argument, so that a program that needs only numbers loads
// no code for other dtypes. all-dtypes.ts is the set of every dtype, numeric-dtypes.ts that of numbers.

import type { CheckedView, ViewStores } from '../array/npy-view.ts';
import type { Descr } from '../dtype/descr.ts';
import type { DType } from '../dtype/dtype.ts';
import type { HeaderDTypes } from '../header/read.ts';
import type { StoreMaker } from '../stores/clone.ts';

/** The functions in which one set of dtypes differs from another. */
export interface DTypeSet extends HeaderDTypes, ViewStores, StoreMaker {
  /**
   * Returns the dtype that a caller names or spells. A name without a width, such as `str`, gets the width that the elements of
   * `source` need.
   * @throws NpyError NPY_DESCR, the caller's fault
   */
  named(dtype: unknown, source?: CheckedView): DType;
  /** Returns `repr(descr)`. */
  repr(descr: Descr): string;
  /** Returns whether elements of both dtypes are the same bytes, apart from byte order. */
  isSame(a: DType, b: DType): boolean;
  /** Returns whether any word of an element has the other byte order than this machine. */
  isForeign(type: DType): boolean;
  /** Returns whether an element has padding, which is cleared before it is written. */
  hasLongDouble(type: DType): boolean;
  /** Converts elements from the file's byte order to the machine's, in place. */
  toNative(bytes: Uint8Array, type: DType): void;
  /** Converts elements from the machine's byte order to the file's, in place, and clears padding. */
  fromNative(bytes: Uint8Array, type: DType): void;
  /** Returns a C-contiguous copy in another dtype. @throws NpyError NPY_VALUE if an element does not fit */
  convert(view: CheckedView, type: DType): CheckedView;
}
