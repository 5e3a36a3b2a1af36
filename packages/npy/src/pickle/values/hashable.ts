// What Python takes as a key of a dict and as an item of a set.
import { NumpyArray } from '../numpy/numpy-array.ts';
import { PyByteArray, PyFrozenSet, PyTuple } from './builtins.ts';

/** Whether Python takes it as a key. Looks no deeper than at the value itself. */
export function isHashable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value instanceof PyTuple;
  if (value instanceof Set) return value instanceof PyFrozenSet;
  return !(value instanceof Map || value instanceof PyByteArray || value instanceof NumpyArray);
}
