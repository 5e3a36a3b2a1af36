// Converts the data of object arrays between their codec and the views of this package. The codec's items are in C order; the elements of a
// view are where its strides say.

import type { Limits } from '../arguments/limits.ts';
import { checkOption } from '../arguments/options.ts';
import { type CheckedView, checkElementCount, type NpyView } from '../array/npy-view.ts';
import { type Descr, showDescr } from '../dtype/descr.ts';
import { NpyError } from '../errors.ts';
import { contiguousStride, forEachPosition, sizeOf } from '../layout/shape.ts';
import { ObjectStore } from '../stores/object-store.ts';
import type { UnsharedBytes } from '../types/unshared.ts';
import type { ObjectArray, ObjectCodec } from './object-codec.ts';

/** Decodes a pickle with the codec. @throws NpyError NPY_OBJECTS if there is no codec; any error of the codec */
export function decodeObjects(
  descr: Descr,
  pickle: Uint8Array,
  codec: ObjectCodec | undefined,
  limits: Partial<Limits> | undefined | null,
): NpyView<'object'> {
  if (typeof codec?.decode !== 'function') throw withoutCodec(descr);
  return viewOfObjects(checkArray(codec.decode(pickle, limits ?? {})));
}

/** Checks the result of a codec, which may be the caller's own. @throws NpyError NPY_OBJECTS */
function checkArray(array: ObjectArray): ObjectArray {
  const { shape, items } = (array ?? {}) as Partial<ObjectArray>;
  if (Array.isArray(shape) && Array.isArray(items) && sizeOf(shape) === items.length) return array;
  throw new NpyError('NPY_OBJECTS', 'npy: the object codec returned no ObjectArray: { shape, items }', {
    answer: array,
  });
}

/** Returns a view of an array of objects, over a copy of its items. */
export function viewOfObjects(array: ObjectArray): NpyView<'object'> {
  const shape = [...array.shape];
  const stride = contiguousStride(shape, array.fortranOrder);
  return {
    dtype: 'object',
    shape,
    stride,
    offset: 0,
    data: new ObjectStore(inMemoryOrder(array, stride), array.descr, array),
  };
}

/** Returns the items in the order of memory. */
function inMemoryOrder({ items, shape, fortranOrder }: ObjectArray, stride: readonly number[]): unknown[] {
  const placed = [...items];
  if (!fortranOrder) return placed;
  let i = 0;
  forEachPosition({ shape, stride, offset: 0 }, (position) => {
    placed[position] = items[i++];
  });
  return placed;
}

/** Encodes a view of objects with the codec. @throws NpyError NPY_OBJECTS if there is no codec; any error of the codec */
export function encodeObjects(view: CheckedView, fortranOrder: boolean, codec: ObjectCodec | undefined): UnsharedBytes {
  if (typeof codec?.encode !== 'function') throw withoutCodec('|O');
  return codec.encode(arrayOfObjects(view, fortranOrder));
}

/** Returns a view of objects as the array that a codec takes. */
export function arrayOfObjects(view: CheckedView, fortranOrder: boolean): ObjectArray {
  const { descr, raw, source } = view.data as ObjectStore;
  checkElementCount(view);
  const items: unknown[] = new Array(sizeOf(view.shape));
  let i = 0;
  forEachPosition(view, (position) => {
    items[i++] = raw[position];
  });
  const read = isArray(source) ? source : undefined;
  // If no element changed, the codec gets the list that it read, recognises it and writes the same bytes.
  const same = read?.items.length === items.length && items.every((item, j) => Object.is(item, read.items[j]));
  const given = { descr, shape: view.shape, fortranOrder, items: same && read ? read.items : items };
  return read ? { ...given, source: read.source } : given;
}

/** Returns whether a store's source is an array that a codec read. */
function isArray(source: unknown): source is ObjectArray {
  return typeof source === 'object' && source !== null && 'items' in source;
}

/** Checks the option `objects`. @throws NpyError NPY_OBJECTS if it is not a codec */
export function checkCodec(codec: ObjectCodec | undefined, verb: 'decode' | 'encode'): void {
  const isCodec = typeof codec?.[verb] === 'function';
  checkOption(codec, 'objects', isCodec, 'a codec, pickle of @bridge/npy/pickle', 'NPY_OBJECTS');
}

/**
 * Makes a store of objects again after structuredClone; returns undefined if the value is not the clone of one.
 * @throws NpyError NPY_ARRAY if an element is an object: its class is lost, so that the clone of a tuple is a list
 */
export function reviveObjects(clone: unknown): ObjectStore | undefined {
  const { dtype, raw, descr } = Object(clone) as Partial<ObjectStore>;
  if (dtype !== 'object' || !Array.isArray(raw) || !('source' in Object(clone)) || descr === undefined)
    return undefined;
  if (raw.every((item) => typeof item !== 'object' || item === null)) return new ObjectStore([...raw], descr);
  const message = 'npy: structuredClone lost the classes of these objects: send bytes';
  throw new NpyError('NPY_ARRAY', message, {});
}

function withoutCodec(descr: Descr): NpyError {
  return new NpyError(
    'NPY_OBJECTS',
    `npy: ${showDescr(descr)} is an object array, whose data is a pickle: give { objects: pickle }, from @bridge/npy/pickle`,
    { descr },
  );
}
