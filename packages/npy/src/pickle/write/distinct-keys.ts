// Keys that JavaScript tells apart and Python does not: 1, True and 1.0, tuples of the same items. A dict or a set of ours that
// holds two such keys would be read as a smaller one, and is not written.
import { kindOf, valueError } from '../pickle-error.ts';
import type { EqualKeys } from '../values/equal-keys.ts';

/**
 * Where keys are held that were compared: none for keys that are as many in Python as in JavaScript, which are texts and
 * numbers, or texts and bigints.
 */
export function comparing(keys: Iterable<unknown>): Set<unknown> | undefined {
  let numbers: string | undefined;
  for (const key of keys) {
    if (typeof key === 'string' || key === null) continue;
    if (typeof key !== 'number' && typeof key !== 'bigint') return new Set();
    numbers ??= typeof key;
    if (numbers !== typeof key) return new Set();
  }
  return undefined;
}

/**
 * Holds a key against those before it. Of equal strs, JavaScript has one as well.
 * @param keys what the others are equal by, of `comparing`
 * @throws NpyError NPY_VALUE
 */
export function checkDistinct(key: unknown, keys: Set<unknown> | undefined, equalKeys: EqualKeys): void {
  if (!keys || typeof key === 'string') return;
  const equal = equalKeys.of(key);
  if (keys.has(equal)) throw valueError(`${kindOf(key)} is equal to another key of the same dict or set in Python`);
  keys.add(equal);
}
