// Copies an array into another dtype, element by element.
import type { DType } from '../dtype/dtype.ts';
import { gather } from '../layout/gather.ts';
import { contiguousStride, forEachPosition } from '../layout/shape.ts';
import { reader, writer } from '../stores/access.ts';
import type { Complex } from '../stores/complex.ts';
import { bytesOfStore } from '../stores/number-stores.ts';
import type { AnyStore, BinaryStore } from '../stores/store-types.ts';
import type { StructElement } from '../stores/struct.ts';
import type { CheckedView } from './npy-view.ts';

/** One element of any store. Elements of object arrays are the values that their codec reads, which may have other types. */
export type Element = boolean | number | bigint | string | Complex | Uint8Array | StructElement;

/**
 * Copies `view` to `data`, a fresh store of the dtype `type`, in C order.
 * @param cast converts an element; left out if elements of both dtypes are the same bytes
 * @throws NpyError NPY_VALUE if an element does not fit
 */
export function convertInto(
  data: AnyStore,
  type: DType,
  view: CheckedView,
  cast: ((value: unknown) => unknown) | undefined,
): CheckedView {
  const stride = contiguousStride(view.shape, false);
  const converted = { dtype: type.name, type, data, shape: view.shape, stride, offset: 0 };
  if (!cast) {
    // Bytes are copied and not values, so that a NaN keeps its payload.
    const bytes = bytesOfStore(view.data as BinaryStore);
    gather({ ...view, itemsize: type.itemsize, bytes }, bytesOfStore(data as BinaryStore), false);
    return converted;
  }
  const read = reader(view.data);
  const write = writer(data);
  let i = 0;
  forEachPosition(view, (position) => write(i++, cast(read(position))));
  return converted;
}
