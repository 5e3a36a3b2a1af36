// Lists that a caller hands in, which may lie about their length, have holes, or change while they are read.
import { NpyError } from '../errors.ts';

/**
 * Whether it is a list.
 * @throws NpyError NPY_ARRAY where nobody can tell any more: of a proxy that was revoked
 */
export function isList(value: unknown): value is readonly unknown[] {
  try {
    return Array.isArray(value);
  } catch {
    throw new NpyError('NPY_ARRAY', 'npy: a revoked proxy', {});
  }
}

/**
 * A copy of a list, so that what is checked is what is used: of `most` items at most, and not past the first hole, which no
 * list here has a use for. Undefined where it is no list.
 */
export function listOf(list: unknown, most: number): unknown[] | undefined {
  if (!isList(list)) return undefined;
  const length = Math.min(list.length, most);
  const items: unknown[] = [];
  for (let i = 0; i < length; i++) {
    const item: unknown = list[i];
    items.push(item);
    if (item === undefined) break;
  }
  return items;
}
