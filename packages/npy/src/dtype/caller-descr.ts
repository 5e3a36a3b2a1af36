// Parses a descr that a caller wrote in JavaScript, where lists stand for Python's lists and for its tuples.

import { itemsOf, type PythonLiteral } from '../python/literal.ts';
import { parseDescr, refuse } from './descr.ts';
import type { DType } from './dtype.ts';

/** Deeper nesting than any dtype has, and less than overflows the stack. */
const MAX_DEPTH = 200;

/** More fields than any dtype has. */
const MAX_FIELDS = 2 ** 20;

/** Parses a caller's descr. @throws NpyError NPY_DESCR, the caller's fault */
export function dtypeOfDescr(descr: unknown): DType {
  return parseDescr(literalOf(descr, 0), 'caller');
}

/** Converts a caller's descr to the Python literal of a header. A list of lists becomes a list of fields, any other list a tuple. */
function literalOf(descr: unknown, depth: number): PythonLiteral {
  if (typeof descr === 'string') return descr;
  if (depth > 0 && Number.isSafeInteger(descr)) return BigInt(descr as number);
  if (!Array.isArray(descr) || depth > MAX_DEPTH || descr.length > MAX_FIELDS)
    throw refuse(descr, 'is not a known dtype', 'caller');
  const items = Array.from(descr, (item) => literalOf(item, depth + 1));
  return { kind: items.every(itemsOf) && !isShape(items[1]) ? 'list' : 'tuple', items };
}

/** Returns whether a literal is a shape, which follows the dtype of a field. */
function isShape(literal: PythonLiteral | undefined): boolean {
  return itemsOf(literal)?.every((size) => typeof size === 'bigint') ?? false;
}
