// Refuses dicts and sets with two keys that JavaScript distinguishes and Python does not: 1, True and 1.0, or tuples of the same items.
// Python would read a smaller dict or set.
import { kindOf, valueError } from '../pickle-error.ts';
import type { EqualKeys } from '../values/equal-keys.ts';

/**
 * Returns an empty set for the tokens of keys; undefined if the keys need no comparison. They need none if all are strings and numbers, or
 * all are strings and bigints, since these are distinct in Python as well.
 */
export function tokensToCompare(keys: Iterable<unknown>): Set<unknown> | undefined {
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
 * Compares a key with those before it. Strings need no comparison, since a Map holds equal strings once.
 * @param tokens the result of `tokensToCompare`, which collects the tokens of the keys
 * @throws NpyError NPY_VALUE if an equal key was before it
 */
export function checkDistinct(key: unknown, tokens: Set<unknown> | undefined, equalKeys: EqualKeys): void {
  if (!tokens || typeof key === 'string') return;
  const token = equalKeys.tokenOf(key);
  if (tokens.has(token)) throw valueError(`${kindOf(key)} is equal to another key of the same dict or set in Python`);
  tokens.add(token);
}
