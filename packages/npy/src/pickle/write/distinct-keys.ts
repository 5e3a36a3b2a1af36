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
 * Checks that no earlier key is equal to this one in Python. Strings need no comparison, since a Map or a Set holds equal strings once.
 * @param tokens the set that `tokensToCompare` returned. The key's token is added: keys that are equal in Python have the same token
 * @throws NpyError NPY_VALUE if an earlier key is equal
 */
export function checkDistinct(key: unknown, tokens: Set<unknown> | undefined, equalKeys: EqualKeys): void {
  if (!tokens || typeof key === 'string') return;
  const token = equalKeys.tokenOf(key);
  if (tokens.has(token)) throw valueError(`${kindOf(key)} is equal to another key of the same dict or set in Python`);
  tokens.add(token);
}
