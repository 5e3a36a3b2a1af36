// A set of dtypes, as the readers and writers of this package are handed it: so that who only has numbers carries no more.
// The contract alone. all-dtypes.ts has every dtype, numeric.ts the numbers.

import type { CheckedView } from '../array/npy-view.ts';
import type { Descr } from '../dtype/descr.ts';
import type { DType } from '../dtype/dtype.ts';
import type { HeaderEntries } from '../header/dictionary.ts';
import type { PyLiteral } from '../python/literal.ts';
import type { AnyStore, BinaryStore } from '../stores/store-types.ts';

/** What differs between one set of dtypes and another. */
export interface DTypeSet {
  /** Reads a header's text where it has NumPy's own spelling, which is quicker than to parse it. Undefined elsewhere. */
  readonly quick?: (bytes: Uint8Array, start: number, end: number) => HeaderEntries<string> | undefined;
  /** What bytes are that do not start as a .npy file does. Not in every set, for its size. */
  readonly tell?: (bytes: Uint8Array) => string;
  /** The dtype of a header's descr. @throws NpyError NPY_DESCR */
  parse(descr: PyLiteral): DType;
  /**
   * The dtype that a caller names or spells; of what has a width and is named without one, the width that the elements of `source` need.
   * @throws NpyError NPY_DESCR, the caller's fault
   */
  named(dtype: unknown, source?: CheckedView): DType;
  /** The dtype of a store; undefined when it is none. */
  typeOf(store: unknown): DType | undefined;
  /** The store that was cloned, as postMessage does it: its memory is there, its methods are not. Undefined for anything else. */
  revive(clone: unknown): AnyStore | undefined;
  /** A store over bytes of native order, aligned to the dtype's words. */
  over(type: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): BinaryStore;
  /** The dtype's descr, as NumPy writes it. */
  descrOf(type: DType): Descr;
  /** `repr(descr)`. */
  repr(descr: Descr): string;
  /** The same dtype in native byte order. */
  native(type: DType): DType;
  /** Whether elements of both are the same bytes, but for the byte order. */
  isSame(a: DType, b: DType): boolean;
  /** Whether a file has some word of an element in the other byte order than this machine. */
  isForeign(type: DType): boolean;
  /** Whether there are bytes in an element that are cleared before it is written. */
  hasPadding(type: DType): boolean;
  /** Turns elements as a file has them into elements of the native dtype, in place. */
  toNative(bytes: Uint8Array, type: DType): void;
  /** Turns elements of the native dtype into elements as a file has them, in place. */
  fromNative(bytes: Uint8Array, type: DType): void;
  /** A C-contiguous copy in another dtype. @throws NpyError NPY_VALUE */
  convert(view: CheckedView, type: DType): CheckedView;
}
