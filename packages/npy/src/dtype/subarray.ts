// A dtype with a shape: one element that is an array in itself, as a field may have it.
import type { NpyFault } from '../errors.ts';
import { itemsOf, type PyLiteral } from '../python/literal.ts';
import { type DType, dtypeSized, subarrayOf } from './dtype.ts';

/** NumPy keeps the size of an element in a C int. */
export const MAX_ITEMSIZE: number = 2 ** 31 - 1;

/**
 * `numpy.dtype((type, shape))` for what a header can hold as a shape: a number, or numbers in a tuple or list. Of a text
 * without a width the number is the width. Undefined when NumPy would refuse it.
 * @throws NpyError NPY_SHAPE for more than 64 axes
 */
export function withShape(type: DType, shape: PyLiteral, fault: NpyFault = 'data'): DType | undefined {
  if (type.itemsize === 0 && (type.kind === 'S' || type.kind === 'U' || (type.kind === 'V' && !type.fields))) {
    const itemsize = typeof shape === 'bigint' ? Number(shape) * (type.kind === 'U' ? 4 : 1) : -1;
    if (type.subarray || itemsize < 0 || itemsize > MAX_ITEMSIZE) return undefined;
    const name = type.kind === 'S' ? 'bytes' : type.kind === 'U' ? 'str' : 'void';
    return dtypeSized(name, { itemsize, ...(type.byteOrder !== '|' && { byteOrder: type.byteOrder }) });
  }
  const sizes = sizesOf(shape);
  if (!sizes) return undefined;
  if (sizes.length === 0) return type;
  const made = subarrayOf(type, sizes, fault);
  return made.itemsize <= MAX_ITEMSIZE ? made : undefined;
}

function sizesOf(shape: PyLiteral): number[] | undefined {
  const items = itemsOf(shape) ?? [shape];
  const sizes = items.map((size) => (typeof size === 'bigint' ? Number(size) : Number.NaN));
  return sizes.every((size) => size >= 0 && size <= MAX_ITEMSIZE) ? sizes : undefined;
}
