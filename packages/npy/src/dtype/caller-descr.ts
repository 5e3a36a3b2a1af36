// A dtype as a caller spells it in JavaScript, where lists stand for Python's lists and for its tuples.

import { itemsOf, type PyLiteral } from '../python/literal.ts';
import { parseDescr, refuse } from './descr.ts';
import type { DType } from './dtype.ts';

/** Deeper than any dtype, and not as deep as the stack. */
const MAX_DEPTH = 200;

/** Longer than any list of fields, and not as long as memory. */
const MAX_FIELDS = 2 ** 20;

/** The dtype that a caller spells. @throws NpyError NPY_DESCR, the caller's fault */
export function dtypeOfDescr(descr: unknown): DType {
  return parseDescr(literalOf(descr, 0), 'caller');
}

/** What a caller spelled in JavaScript, as a header has it. A list of lists are fields; any other is a tuple. */
function literalOf(descr: unknown, depth: number): PyLiteral {
  if (typeof descr === 'string') return descr;
  if (depth > 0 && Number.isSafeInteger(descr)) return BigInt(descr as number);
  if (!Array.isArray(descr) || depth > MAX_DEPTH || descr.length > MAX_FIELDS)
    throw refuse(descr, 'is not a dtype known here', 'caller');
  const items = Array.from(descr, (item) => literalOf(item, depth + 1));
  return { kind: items.every(itemsOf) && !isSizes(items[1]) ? 'list' : 'tuple', items };
}

/** What an array in a field has behind its dtype. */
function isSizes(literal: PyLiteral | undefined): boolean {
  return itemsOf(literal)?.every((size) => typeof size === 'bigint') ?? false;
}
