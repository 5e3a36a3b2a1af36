// Keys of dicts and items of sets, where JavaScript's notion of "the same key" and Python's part: a Map takes -0 for 0
// and all NaNs for one. Such keys are held as a PyFloat, which is a key of its own.
import { NumpyArray } from '../numpy/array.ts';
import { PyFloat } from './numbers.ts';
import { PyByteArray, PyFrozenSet, PyTuple } from './python.ts';

/** The key to hold `key` under in `keyed`. */
export function keyIn(keyed: Map<unknown, unknown> | Set<unknown>, key: unknown): unknown {
  const unlike = Object.is(key, -0) || (Number.isNaN(key) && keyed.has(key));
  return unlike ? new PyFloat(key as number) : key;
}

/** Whether Python takes it as a key. Looks no deeper than at the value itself. */
export function isHashable(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value instanceof PyTuple;
  if (value instanceof Set) return value instanceof PyFrozenSet;
  return !(value instanceof Map || value instanceof PyByteArray || value instanceof NumpyArray);
}

/** Adds items to a set one after the other; false when one of them cannot be in it. */
export function addAll(set: Set<unknown>, items: Iterable<unknown>): boolean {
  for (const item of items) {
    if (!isHashable(item)) return false;
    set.add(keyIn(set, item));
  }
  return true;
}
