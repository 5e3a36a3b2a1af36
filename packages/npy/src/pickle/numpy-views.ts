// Converts NumPy's arrays and scalars inside of an object array to views and elements of this package, and back.

import type { NpyView, ViewLike } from '../array/npy-view.ts';
import type { Descr } from '../dtype/descr.ts';
import { nativeType } from '../dtype/dtype.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { decodeBody } from '../format/decode.ts';
import { encodePartsWith } from '../format/encode.ts';
import { readHeader } from '../format/read-header.ts';
import type { TypedHeader } from '../header/read.ts';
import type { ObjectArray } from '../objects/object-codec.ts';
import { arrayOfObjects, viewOfObjects } from '../objects/object-data.ts';
import { elementCodec } from '../stores/element-codec.ts';
import { nameOf } from '../text/quoted.ts';
import { NumpyArray, NumpyScalar } from './numpy/numpy-array.ts';

/**
 * Returns a view of an array. If its elements are aligned and in the machine's byte order, they are not copied, and writing to the view
 * writes to the array. Objects are copied to a list.
 * @throws NpyError NPY_DESCR for fields that overlap or are out of order, NPY_ARRAY if the argument is not a NumpyArray
 * @example
 * const ragged = decode(bytes, { objects: pickle }).data.raw.map(toView); // views of different lengths
 */
export function toView(array: NumpyArray): NpyView {
  if (!(array instanceof NumpyArray))
    throw new NpyError('NPY_ARRAY', `npy: toView takes a NumpyArray, not ${nameOf(array)}`);
  const { dtype, shape, fortranOrder, items, data = new Uint8Array(0) } = array;
  if (items) return viewOfObjects({ descr: dtype.descr, shape, fortranOrder, items });
  return decodeBody(allDTypes, headerOf(array), data, {});
}

/** Returns the header of a file with the bytes of an array without objects. @throws NpyError NPY_DESCR */
export function headerOf({ dtype, shape, fortranOrder, data }: NumpyArray): TypedHeader {
  const { descr, type } = dtype;
  return {
    dtype: type.name,
    // Cast: only arrays with objects have the descr of a StringDType.
    descr: descr as Descr,
    type,
    shape: [...shape],
    fortranOrder,
    version: [1, 0],
    dataOffset: 0,
    dataBytes: data?.length ?? 0,
  };
}

/**
 * Makes an array that an object array can hold of a view, an ndarray or a store. If the view is contiguous, its memory is not copied.
 * @throws NpyError NPY_ARRAY if the argument is not an array, NPY_LIMIT for far more elements than the view has memory
 * @example
 * encode({ data: new ObjectStore([fromView({ data: new Float32Array(3) }), null]) }, { objects: pickle });
 */
export function fromView(view: ViewLike): NumpyArray {
  const objects: ObjectArray[] = [];
  const [header, data] = encodePartsWith(allDTypes, view, {}, (checked, fortranOrder) => {
    objects.push(arrayOfObjects(checked, fortranOrder));
    return new Uint8Array(0);
  });
  const [array] = objects;
  if (array) {
    const { descr, shape, fortranOrder, items } = array;
    return new NumpyArray(descr, { shape, fortranOrder, items });
  }
  const read = readHeader(header, { maxHeaderCharacters: Number.POSITIVE_INFINITY });
  if (!read) throw new NpyError('NPY_HEADER', 'npy: the header is incomplete');
  return new NumpyArray(read.descr, { shape: read.shape, fortranOrder: read.fortranOrder, data });
}

/**
 * Returns the value of a scalar, as a store of its dtype does: 1.5 for `numpy.float32(1.5)`, 3n for `numpy.int64(3)`.
 * @throws NpyError NPY_ARRAY if the argument is not a NumpyScalar
 */
export function toElement(scalar: NumpyScalar): unknown {
  if (!(scalar instanceof NumpyScalar))
    throw new NpyError('NPY_ARRAY', `npy: toElement takes a NumpyScalar, not ${nameOf(scalar)}`);
  const { dtype, data } = scalar;
  if (data instanceof NumpyArray) return data.items?.[0];
  const bytes = data.slice();
  allDTypes.toNative(bytes, dtype.type);
  return elementCodec(nativeType(dtype.type)).read(bytes, 0);
}
