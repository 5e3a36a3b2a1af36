// Object arrays, whose data is one pickle: between the codec that reads and writes pickles and the views of this package.
// The codec's items are in C order; a view's elements lie as its strides say.

import type { Limits } from '../arguments/limits.ts';
import { checkOption } from '../arguments/options.ts';
import { type CheckedView, checkVisits, type NpyView } from '../array/npy-view.ts';
import { type Descr, showDescr } from '../dtype/descr.ts';
import { NpyError } from '../errors.ts';
import { contiguousStride, forEachPosition, sizeOf } from '../layout/shape.ts';
import type { UnsharedBytes } from '../memory/unshared.ts';
import { ObjectStore } from '../stores/object.ts';
import type { ObjectArray, ObjectCodec } from './object-codec.ts';

/** @throws NpyError NPY_OBJECTS without a codec; what the codec throws */
export function decodeObjects(
  descr: Descr,
  pickle: Uint8Array,
  codec: ObjectCodec | undefined,
  limits: Partial<Limits> | undefined | null,
): NpyView<'object'> {
  if (typeof codec?.decode !== 'function') throw refused(descr);
  return viewOfObjects(checkArray(codec.decode(pickle, limits ?? {})));
}

/** What a codec answers is the caller's. */
function checkArray(array: ObjectArray): ObjectArray {
  const { shape, items } = (array ?? {}) as Partial<ObjectArray>;
  if (Array.isArray(shape) && Array.isArray(items) && sizeOf(shape) === items.length) return array;
  throw new NpyError('NPY_OBJECTS', 'npy: the codec for objects answered no array', { answer: array });
}

/** The view of an array of objects, over a list of its own. */
export function viewOfObjects(array: ObjectArray): NpyView<'object'> {
  const shape = [...array.shape];
  const stride = contiguousStride(shape, array.fortranOrder);
  return {
    dtype: 'object',
    shape,
    stride,
    offset: 0,
    data: new ObjectStore(laidOut(array, stride), array.descr, array),
  };
}

/** The items where the strides have them. */
function laidOut({ items, shape, fortranOrder }: ObjectArray, stride: readonly number[]): unknown[] {
  const placed = [...items];
  if (!fortranOrder) return placed;
  let i = 0;
  forEachPosition({ shape, stride, offset: 0 }, (position) => {
    placed[position] = items[i++];
  });
  return placed;
}

/** The pickle of an array of objects. @throws NpyError NPY_OBJECTS without a codec; what the codec throws */
export function encodeObjects(view: CheckedView, fortranOrder: boolean, codec: ObjectCodec | undefined): UnsharedBytes {
  if (typeof codec?.encode !== 'function') throw refused('|O');
  return codec.encode(objectsOf(view, fortranOrder));
}

/** The array of objects that a view of some is. */
export function objectsOf(view: CheckedView, fortranOrder: boolean): ObjectArray {
  const { descr, raw, source } = view.data as ObjectStore;
  checkVisits(view);
  const items: unknown[] = new Array(sizeOf(view.shape));
  let i = 0;
  forEachPosition(view, (position) => {
    items[i++] = raw[position];
  });
  const read = isArray(source) ? source : undefined;
  // Unchanged elements are the list that was read, by which the codec knows them again.
  const same = read?.items.length === items.length && items.every((item, j) => Object.is(item, read.items[j]));
  const given = { descr, shape: view.shape, fortranOrder, items: same && read ? read.items : items };
  return read ? { ...given, source: read.source } : given;
}

/** What an ObjectStore keeps of an array that was read. */
function isArray(source: unknown): source is ObjectArray {
  return typeof source === 'object' && source !== null && 'items' in source;
}

/** @throws NpyError NPY_OBJECTS for what was given as a codec and is none */
export function checkCodec(codec: ObjectCodec | undefined, verb: 'decode' | 'encode'): void {
  const isCodec = typeof codec?.[verb] === 'function';
  checkOption(codec, 'objects', isCodec, 'a codec, pickle of @bridge/npy/pickle', 'NPY_OBJECTS');
}

/**
 * The store of objects that was cloned; undefined for anything else.
 * @throws NpyError NPY_ARRAY where there is more in it than text, numbers and the like: a clone of a tuple is a list
 */
export function reviveObjects(clone: unknown): ObjectStore | undefined {
  const { dtype, raw, descr } = Object(clone) as Partial<ObjectStore>;
  if (dtype !== 'object' || !Array.isArray(raw) || !('source' in Object(clone)) || descr === undefined)
    return undefined;
  if (raw.every((item) => typeof item !== 'object' || item === null)) return new ObjectStore([...raw], descr);
  const message = 'npy: objects that were cloned have lost their classes: send what encode makes of them';
  throw new NpyError('NPY_ARRAY', message, {});
}

function refused(descr: Descr): NpyError {
  return new NpyError(
    'NPY_OBJECTS',
    `npy: ${showDescr(descr)} is an object array, whose data is a pickle: give { objects: pickle }, from @bridge/npy/pickle`,
    { descr },
  );
}
