// The elements of an array without any header: their dtype as NumPy spells it, and their size.
import { type Descr, type DTypeName, encodeHeader, isDTypeName, NpyError, readHeader } from '@bridge/npy';

/** One element of a dtype. */
export interface BareElement {
  readonly dtype: DTypeName;
  /** The dtype as NumPy spells it. */
  readonly descr: Descr;
  readonly itemsize: number;
}

/**
 * Returns the element of a dtype.
 * @throws NpyError NPY_DESCR for an invalid dtype, or for one whose name does not tell its size, such as `str`; NPY_OBJECTS for objects
 */
export function bareElement(dtype: DTypeName | Descr): BareElement {
  if (isShortFloat(dtype))
    return dtype === 'bfloat16' ? { dtype, descr: '<V2', itemsize: 2 } : { dtype, descr: '|V1', itemsize: 1 };
  // npy checks the dtype. In the header of an array of one element, the data is one element.
  const header = readHeader(encodeHeader({ dtype, shape: [1] }));
  if (!header || header.dtype === 'object') throw new NpyError('NPY_OBJECTS', 'npy: objects have no bare elements');
  return { dtype: header.dtype, descr: header.descr, itemsize: header.dataBytes };
}

/** Returns true for the name of a float that NumPy does not have (bfloat16, float8): messages carry its elements as void. */
export function isShortFloat(dtype: unknown): dtype is DTypeName {
  return typeof dtype === 'string' && isDTypeName(dtype) && /^(bfloat|float8)/.test(dtype);
}

/** Returns the size of an array's elements. @throws NpyError for an invalid shape, or more elements than an array can have */
export function bareBytes({ descr, itemsize }: BareElement, shape: readonly number[]): number {
  let bytes = itemsize;
  let valid = Array.isArray(shape);
  if (valid) {
    for (const length of shape) {
      valid &&= Number.isSafeInteger(length) && length >= 0;
      bytes *= length;
    }
  }
  // npy throws the error that says what is wrong.
  if (!valid || !Number.isSafeInteger(bytes)) readHeader(encodeHeader({ descr, shape }));
  return bytes;
}
