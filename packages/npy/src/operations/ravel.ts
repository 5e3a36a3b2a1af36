// The elements of an array one behind the other, for whoever has no strides: tensor libraries, WebGL, a loop.

import type { CheckedView, ViewLike } from '../array/npy-view.ts';
import { checkAny, convert } from '../dtype-set/all-dtypes.ts';
import { isContiguous, sizeOf } from '../layout/shape.ts';
import { bytesOfStore } from '../stores/native-numbers.ts';
import { ObjectStore } from '../stores/object.ts';
import { storeOver } from '../stores/store-table.ts';
import type { AnyStore, BinaryStore } from '../stores/store-types.ts';

/** The store of an array, as far as its type tells. */
export type DataOf<A> = A extends { readonly data: infer S extends AnyStore } ? S : AnyStore;

/**
 * The elements in C order (last axis fastest), as many as the array has, as NumPy's `ravel` gives them: whatever order `data` is in,
 * which of a file in Fortran order is the other one. Not copied where they lie so already: then it is the array's own memory.
 *
 * @throws NpyError NPY_ARRAY for what is no array, NPY_LIMIT when there is no memory for a copy
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
