// The kind of an array: its dtype and its shape.
import { type AnyNdArray, type DTypeName, dtypeOf } from '@bridge/npy';
import type { ArrayKind } from './codec.ts';

/** Returns the dtype and the shape of a decoded array. */
export function kindOfArray(array: AnyNdArray): ArrayKind {
  // The cast: a decoded array has a dtype.
  return { dtype: dtypeOf(array) as DTypeName, shape: array.shape };
}
