// Returns the elements of an array in C order, for code that knows no strides: tensor libraries, WebGL, a loop.

import type { DTypeOf } from '../array/dtype-of.ts';
import type { CheckedView, ViewLike } from '../array/npy-view.ts';
import { checkAny, convert } from '../dtype-set/all-dtypes.ts';
import { isContiguous, sizeOf } from '../layout/shape.ts';
import { bytesOfStore } from '../stores/number-stores.ts';
import { ObjectStore } from '../stores/object-store.ts';
import { storeOver } from '../stores/store-table.ts';
import type { AnyStore, BinaryStore, StoreByDType } from '../stores/store-types.ts';

/** The store of an array, as far as the compiler knows the array's dtype. */
export type DataOf<A> = StoreByDType[Exclude<DTypeOf<A>, undefined>];

/**
 * Returns the elements of an array in C order (last axis fastest), as NumPy's `ravel` does. If they are in C order in memory, the result is
 * the array's own memory; otherwise, as after reading a file in Fortran order, it is a copy.
 *
 * @throws NpyError NPY_ARRAY if the argument is not an array, NPY_LIMIT if a copy cannot be allocated
 * @example
 * const a = decode(bytes, { dtype: 'float32' });
 * gl.texImage2D(…, ravel(a)); // a Float32Array of a.size elements
 */
export function ravel<A extends ViewLike>(array: A): DataOf<A> {
  const view = checkAny(array);
  const inOrder = isContiguous(view.shape, view.stride, false);
  return (inOrder ? sliceOf(view) : convert(view, view.type).data) as DataOf<A>;
}

function sliceOf({ type, shape, offset, data }: CheckedView): AnyStore {
  const size = sizeOf(shape);
  if (type.name === 'object') {
    const { raw, descr } = data as ObjectStore;
    return new ObjectStore(raw.slice(offset, offset + size), descr);
  }
  const bytes = bytesOfStore(data as BinaryStore);
  return storeOver(type, bytes.buffer, bytes.byteOffset + (size && offset * type.itemsize), size);
}
