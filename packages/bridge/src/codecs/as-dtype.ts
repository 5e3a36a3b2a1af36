// Checks that a decoded array has the dtype that a caller asked for. NumPy has no bfloat16 and no float8: messages carry them as raw bytes
// (void), and only the caller knows which of them the bytes are.
import {
  type AnyNdArray,
  array as arrayOf,
  type DTypeName,
  decodeData,
  dtypeOf,
  type NdArrayOf,
  NpyError,
} from '@bridge/npy';
import { bareElement, isShortFloat } from './elements.ts';

/**
 * Returns `array` if it has the dtype `expected` or none is expected. Raw bytes of the size of a short float become an array of that float.
 * @throws NpyError NPY_DTYPE if `array` has another dtype
 */
export function asDType(array: AnyNdArray, expected: DTypeName | undefined): AnyNdArray {
  if (expected === undefined) return array;
  const actual = dtypeOf(array) as DTypeName;
  if (actual === expected) return array;
  if (actual === 'void' && isShortFloat(expected)) {
    const { data, shape } = array as NdArrayOf<'void'>;
    if (data.itemsize === bareElement(expected).itemsize)
      return arrayOf(decodeData(data.raw, { dtype: expected, shape })) as AnyNdArray;
  }
  throw new NpyError('NPY_DTYPE', `npy: expected ${expected}, the array is ${actual}`, { expected, actual });
}
