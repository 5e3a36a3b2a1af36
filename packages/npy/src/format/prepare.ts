// An array that is ready to be encoded: its header is written, and its elements have not been read. A sender that has to wait, or that
// refuses arrays, can read the dtype, the shape and the size here before memory for a copy of the elements is allocated.

import type { ViewLike } from '../array/npy-view.ts';
import type { DTypeName } from '../dtype/dtype.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import { checkBounds, sizeOf } from '../layout/shape.ts';
import { encodeObjects } from '../objects/object-data.ts';
import { lengthOfStore } from '../stores/number-stores.ts';
import { type CheckedArray, checkArray, type EncodeOptions, type NpyParts } from './encode.ts';

/** An array that was checked and not yet encoded. */
export interface PreparedArray {
  /** The dtype that is written. It names the short floats of ml_dtypes, for which a file says only `void`. */
  readonly dtype: DTypeName;
  /** Elements along each axis; empty for a 0-d array. */
  readonly shape: readonly number[];
  /** The bytes of header and data together; undefined for object arrays, whose pickle is not written yet. */
  readonly byteLength: number | undefined;
  /**
   * Reads the data and returns the same as `encodeParts`. The data is a copy, or the array's own memory.
   * @throws NpyError NPY_VALUE for an element that does not fit the dtype; NPY_ARRAY if the memory of the array was transferred
   *   away or has become too small; NPY_OBJECTS; NPY_LIMIT
   */
  parts(): NpyParts;
}

/**
 * Checks an array and writes its header. No memory is allocated yet for elements that have to be gathered or converted: `parts()`
 * does that.
 *
 * @throws NpyError NPY_ARRAY, NPY_DESCR, NPY_OPTION, NPY_VERSION, NPY_HEADER, NPY_OBJECTS for an invalid codec
 * @example
 * const prepared = prepareArray({ data: new Uint8Array(921600), shape: [480, 640, 3] });
 * prepared.byteLength; // 921728
 * const [header, body] = prepared.parts();
 */
export function prepareArray(array: ViewLike, options?: EncodeOptions): PreparedArray {
  const checked = checkArray(allDTypes, array, options, encodeObjects);
  const { source, type } = checked;
  const header = checked.header();
  const { data, shape, stride, offset } = source;
  const withElements = (): CheckedArray => {
    // Memory that can be resized or transferred may have lost elements since they were counted.
    checkBounds(shape, stride, offset, lengthOfStore(data, source.type));
    return checked;
  };
  const prepared: PreparedArray & Checked = {
    dtype: type.name,
    shape,
    byteLength: type.name === 'object' ? undefined : header.length + sizeOf(shape) * type.itemsize,
    parts: () => [header, withElements().data()],
    [CHECKED]: withElements,
  };
  return prepared;
}

const CHECKED = Symbol('checked');

/** A prepared array, as writers of other formats than .npy need it. */
interface Checked {
  /** Returns the checked array. @throws NpyError NPY_ARRAY if the array's memory no longer has its elements */
  readonly [CHECKED]: () => CheckedArray;
}

/** Returns the checked array of a prepared one; undefined for an array that was not prepared. @throws NpyError NPY_ARRAY */
export function checkedOf(array: ViewLike | PreparedArray): CheckedArray | undefined {
  return (array as Partial<Checked> | null | undefined)?.[CHECKED]?.();
}
