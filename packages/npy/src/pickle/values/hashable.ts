// Checks which values Python accepts as keys of a dict and as items of a set.
import { NumpyArray } from '../numpy/numpy-array.ts';
import { PyByteArray, PyFrozenSet, PyTuple } from './builtin-classes.ts';

/** Returns whether Python accepts a value as a key. The items of a tuple are not checked. */
export function isHashable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value instanceof PyTuple;
  if (value instanceof Set) return value instanceof PyFrozenSet;
  return !(value instanceof Map || value instanceof PyByteArray || value instanceof NumpyArray);
}
