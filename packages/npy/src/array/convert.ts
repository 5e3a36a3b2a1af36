// Changes the dtype of an array, element by element, only where somebody asked for it.
import type { DType } from '../dtype/dtype.ts';
import { gather } from '../layout/gather.ts';
import { contiguousStride, forEachPosition } from '../layout/shape.ts';
import { reader, writer } from '../stores/access.ts';
import type { Complex } from '../stores/complex.ts';
import { bytesOfStore } from '../stores/native-numbers.ts';
import type { AnyStore, BinaryStore } from '../stores/store-types.ts';
import type { StructElement } from '../stores/struct.ts';
import type { CheckedView } from './npy-view.ts';

/** One element of any store. Those of object arrays are whatever their codec makes of them. */
export type Element = boolean | number | bigint | string | Complex | Uint8Array | StructElement;

/**
 * A C-contiguous copy of `view` in `data`, a fresh store of the dtype `type`.
 * @param cast what makes an element of that dtype of one of the view's; none where both are the same bytes
 * @throws NpyError NPY_VALUE when an element does not fit
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
    // No value is looked at, so that none changes: a NaN keeps its payload.
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
