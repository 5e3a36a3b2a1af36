// The kind of an array: its dtype and its shape.
import { type AnyNdArray, type DTypeName, dtypeOf } from '@bridge/npy';
import type { ArrayKind } from './codec.ts';

/** Returns the dtype and the shape of an array that was decoded. */
export function kindOfArray(array: AnyNdArray): ArrayKind {
  // The cast: an array that was decoded has a dtype.
  return { dtype: dtypeOf(array) as DTypeName, shape: array.shape };
}
