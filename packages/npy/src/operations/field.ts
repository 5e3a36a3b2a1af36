// Returns one field of a structured array as an array of its own.

import { checkOptions } from '../arguments/options.ts';
import { type CheckedView, checkElementCount, type NpyView, type TypedView, type ViewLike } from '../array/npy-view.ts';
import { checkDTypeName, type DType, type DTypeName, type Field, nativeType } from '../dtype/dtype.ts';
import { checkAny } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { gather } from '../layout/gather.ts';
import { checkSizes, contiguousStride, forEachPosition, sizeOf } from '../layout/shape.ts';
import { allocateBytes } from '../memory/allocate.ts';
import { alignmentOf, bytesOfStore } from '../stores/number-stores.ts';
import { ObjectStore } from '../stores/object-store.ts';
import { storeOver } from '../stores/store-table.ts';
import type { BinaryStore } from '../stores/store-types.ts';
import { printable, quoted } from '../text/quoted.ts';

/**
 * Returns the field `name` of a structured array, in the field's own dtype. The axes of a field with a shape follow those of the array.
 *
 * The result is a view, and writing to it writes to the structures, if the field's elements lie at multiples of their own size: always
 * the case in dtypes that NumPy made with `align=True`. Otherwise, and for object arrays, it is a copy.
 *
 * @throws NpyError NPY_DTYPE if the array is not structured, or the field does not have the dtype asked for; NPY_VALUE for an unknown
 *   field, NPY_DESCR for an unknown dtype, NPY_ARRAY, NPY_LIMIT if a copy cannot be allocated
 * @example
 * const x = field(points, 'x'); // of dtype [('x', '<f4'), ('y', '<f4')]: a float32 view, stride 2
 */
export function field<D extends DTypeName = DTypeName>(
  array: ViewLike,
  name: string,
  options: { readonly dtype?: D } = {},
): NpyView<D> {
  const { dtype } = checkOptions(options, ['dtype']) ?? {};
  if (dtype !== undefined && dtype !== null) checkDTypeName(dtype);
  const result = fieldOf(array, name);
  if (dtype === undefined || dtype === null || dtype === result.dtype) return result as NpyView<D>;
  throw new NpyError('NPY_DTYPE', `npy: expected ${dtype}, the field ${quoted(name)} is ${result.dtype}`, {
    expected: dtype,
    actual: result.dtype,
  });
}

function fieldOf(array: ViewLike, name: string): TypedView {
  const view = checkAny(array);
  const { fields } = view.type;
  if (!fields) {
    throw new NpyError('NPY_DTYPE', `npy: ${view.dtype} has no fields`, { expected: 'struct', actual: view.dtype });
  }
  const position = fields.findIndex((field) => field.name === name || field.title === name);
  const field = fields[position];
  if (!field) {
    const names = fields.map((one) => one.name);
    const shown = typeof name === 'string' ? quoted(name) : `named by a ${typeof name}`;
    const among = printable(names.slice(0, 100).join(', '));
    throw new NpyError('NPY_VALUE', `npy: no field ${shown} among ${among}`, { name, names });
  }
  return view.dtype === 'object' ? fieldOfObjects(view, position) : fieldOfBytes(view, field);
}

/** Returns the dtype and shape of a field's items. The items of a subarray may be subarrays again. */
function itemOf(type: DType): { item: DType; shape: readonly number[] } {
  if (!type.subarray) return { item: type, shape: [] };
  const { item, shape } = itemOf(type.subarray.type);
  return { item, shape: [...type.subarray.shape, ...shape] };
}

function fieldOfBytes(view: CheckedView, { type, offset }: Field): TypedView {
  const { item, shape: inner } = itemOf(nativeType(type));
  const shape = [...view.shape, ...inner];
  checkSizes(shape, item);
  const step = view.type.itemsize;
  const bytes = bytesOfStore(view.data as BinaryStore);
  const { itemsize } = item;
  // In an empty array there may be no byte at the field's offset.
  const isView =
    itemsize > 0 &&
    !shape.includes(0) &&
    step % itemsize === 0 &&
    (bytes.byteOffset + offset) % alignmentOf(item) === 0;
  if (isView) {
    const length = Math.floor((bytes.length - offset) / itemsize);
    const data = storeOver(item, bytes.buffer, bytes.byteOffset + offset, length);
    const stride = [...view.stride.map((s) => (s * step) / itemsize), ...contiguousStride(inner, false)];
    return { dtype: item.name, shape, stride, offset: (view.offset * step) / itemsize, data };
  }
  // The bytes of a field are contiguous in each element, those of its items included.
  const copy = allocateBytes(sizeOf(shape) * itemsize);
  const strides = [...view.stride.map((s) => s * step), 1];
  const elements = { shape: [...view.shape, type.itemsize], stride: strides, offset: view.offset * step + offset };
  gather({ ...elements, bytes, itemsize: 1 }, copy, false);
  return {
    dtype: item.name,
    shape,
    stride: contiguousStride(shape, false),
    offset: 0,
    data: storeOver(item, copy.buffer, 0, sizeOf(shape)),
  };
}

/** Returns one field of an object array, whose elements are tuples with a value for each field. */
function fieldOfObjects(view: CheckedView, fieldIndex: number): TypedView {
  const { raw } = view.data as ObjectStore;
  checkElementCount(view);
  const items: unknown[] = [];
  forEachPosition(view, (position) => items.push((raw[position] as readonly unknown[] | undefined)?.[fieldIndex]));
  const shape = [...view.shape];
  return { dtype: 'object', shape, stride: contiguousStride(shape, false), offset: 0, data: new ObjectStore(items) };
}
