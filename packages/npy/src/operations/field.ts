// One field of a structured array as an array of its own.

import { checkOptions } from '../arguments/options.ts';
import { type CheckedView, checkVisits, type NpyView, type ViewLike } from '../array/npy-view.ts';
import { checkDTypeName, type DType, type DTypeName, type Field, nativeType } from '../dtype/dtype.ts';
import { checkAny } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { gather } from '../layout/gather.ts';
import { checkSizes, contiguousStride, forEachPosition, sizeOf } from '../layout/shape.ts';
import { allocateBytes } from '../memory/allocate.ts';
import { alignmentOf, bytesOfStore } from '../stores/native-numbers.ts';
import { ObjectStore } from '../stores/object.ts';
import { storeOver } from '../stores/store-table.ts';
import type { BinaryStore } from '../stores/store-types.ts';
import { printable, quoted } from '../text/quoted.ts';

/**
 * The field `name` of a structured array, in its own dtype. A field with a shape adds its axes behind the array's.
 *
 * It is a view, and writing to it writes to the structures, where its elements lie at multiples of their own size: always
 * so in dtypes that NumPy made with `align=True`. Elsewhere it is a copy. Of an object array it is a copy as well.
 *
 * @throws NpyError NPY_DTYPE when the array is not structured, or the field has another dtype than asked for; NPY_VALUE
 *   when there is no such field, NPY_DESCR when the dtype asked for is none, NPY_ARRAY, NPY_LIMIT when a copy is too large
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
  const made = fieldOf(array, name);
  if (dtype === undefined || dtype === null || dtype === made.dtype) return made as NpyView<D>;
  throw new NpyError('NPY_DTYPE', `npy: expected ${dtype}, the field ${quoted(name)} is ${made.dtype}`, {
    expected: dtype,
    actual: made.dtype,
  });
}

function fieldOf(array: ViewLike, name: string): NpyView {
  const view = checkAny(array);
  const { fields } = view.type;
  if (!fields) {
    throw new NpyError('NPY_DTYPE', `npy: ${view.dtype} has no fields`, { expected: 'struct', actual: view.dtype });
  }
  const at = fields.findIndex((field) => field.name === name || field.title === name);
  const field = fields[at];
  if (!field) {
    const names = fields.map((one) => one.name);
    const shown = typeof name === 'string' ? quoted(name) : `called by a ${typeof name}`;
    const among = printable(names.slice(0, 100).join(', '));
    throw new NpyError('NPY_VALUE', `npy: no field ${shown} among ${among}`, { name, names });
  }
  return view.dtype === 'object' ? ofObjects(view, at) : ofBytes(view, field);
}

/** What lies in each element: of a subarray its items, which may be arrays in turn. */
function itemOf(type: DType): { item: DType; shape: readonly number[] } {
  if (!type.subarray) return { item: type, shape: [] };
  const { item, shape } = itemOf(type.subarray.type);
  return { item, shape: [...type.subarray.shape, ...shape] };
}

function ofBytes(view: CheckedView, { type, offset }: Field): NpyView {
  const { item, shape: inner } = itemOf(nativeType(type));
  const shape = [...view.shape, ...inner];
  checkSizes(shape, item);
  const step = view.type.itemsize;
  const bytes = bytesOfStore(view.data as BinaryStore);
  const { itemsize } = item;
  // Of an empty array there may be no bytes where the field would start.
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
  // A field's own bytes lie one behind the other in each element, and so do those of its items.
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

/** Elements are tuples of as many values as there are fields. */
function ofObjects(view: CheckedView, at: number): NpyView {
  const { raw } = view.data as ObjectStore;
  checkVisits(view);
  const items: unknown[] = [];
  forEachPosition(view, (position) => items.push((raw[position] as readonly unknown[] | undefined)?.[at]));
  const shape = [...view.shape];
  return { dtype: 'object', shape, stride: contiguousStride(shape, false), offset: 0, data: new ObjectStore(items) };
}
