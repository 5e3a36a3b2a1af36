// Makes dtypes with a shape, which only fields have: each value of such a field is an array.
import type { NpyFault } from '../errors.ts';
import { itemsOf, type PythonLiteral } from '../python/literal.ts';
import { type DType, dtypeSized, subarrayOf } from './dtype.ts';

/** The most bytes of an element, which NumPy counts in a C int. */
export const MAX_ITEMSIZE: number = 2 ** 31 - 1;

/**
 * Returns `numpy.dtype((type, shape))`; undefined if NumPy would refuse it.
 * @param shape a number, or numbers in a tuple or list; for text or bytes without a width, the width
 * @throws NpyError NPY_SHAPE for more than 64 axes
 */
export function withShape(type: DType, shape: PythonLiteral, fault: NpyFault = 'data'): DType | undefined {
  if (type.itemsize === 0 && (type.kind === 'S' || type.kind === 'U' || (type.kind === 'V' && !type.fields))) {
    const itemsize = typeof shape === 'bigint' ? Number(shape) * (type.kind === 'U' ? 4 : 1) : -1;
    if (type.subarray || itemsize < 0 || itemsize > MAX_ITEMSIZE) return undefined;
    const name = type.kind === 'S' ? 'bytes' : type.kind === 'U' ? 'str' : 'void';
    return dtypeSized(name, { itemsize, ...(type.byteOrder !== '|' && { byteOrder: type.byteOrder }) });
  }
  const sizes = sizesOf(shape);
  if (!sizes) return undefined;
  if (sizes.length === 0) return type;
  const subarray = subarrayOf(type, sizes, fault);
  return subarray.itemsize <= MAX_ITEMSIZE ? subarray : undefined;
}

function sizesOf(shape: PythonLiteral): number[] | undefined {
  const items = itemsOf(shape) ?? [shape];
  const sizes = items.map((size) => (typeof size === 'bigint' ? Number(size) : Number.NaN));
  return sizes.every((size) => size >= 0 && size <= MAX_ITEMSIZE) ? sizes : undefined;
}
