// Checks that a decoded array has the dtype that a caller asked for.
import { type AnyNdArray, type DTypeName, dtypeOf, NpyError } from '@bridge/npy';

/** @throws NpyError NPY_DTYPE if `array` has another dtype than `expected` */
export function expectDType(array: AnyNdArray, expected: DTypeName | undefined): void {
  if (expected === undefined) return;
  const actual = dtypeOf(array) as DTypeName;
  if (actual === expected) return;
  throw new NpyError('NPY_DTYPE', `npy: expected ${expected}, the array is ${actual}`, { expected, actual });
}
