// A pickled array to a view: a pickle that is the whole message, without a .npy header in front. Nothing of it is imported or run.

import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import { type Limits, resolveLimits } from '../arguments/limits.ts';
import { checkOption, checkOptions } from '../arguments/options.ts';
import type { NpyView } from '../array/npy-view.ts';
import { checkDTypeName, type DTypeName } from '../dtype/dtype.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { checkDType, decodeData } from '../format/decode.ts';
import { checkShape } from '../layout/shape.ts';
import { viewOfObjects } from '../objects/object-data.ts';
import { NumpyArray, NumpyScalar } from './numpy/numpy-array.ts';
import { headerOf } from './numpy-views.ts';
import { ENCODINGS, PickleSource } from './pickle.ts';
import { kindOf, pickleError } from './pickle-error.ts';
import type { OldEncoding } from './read/machine.ts';
import { readArrayPickle, readPickle } from './read/reader.ts';

/** Options of `decodePickle`. */
export interface DecodePickleOptions<D extends DTypeName = DTypeName> {
  /** The dtype that the array must have. Narrows the result's type; anything else is refused with NPY_DTYPE. */
  readonly dtype?: D;
  /** `false` (default): a view on the given bytes where they are aligned and native-endian. `true`: always fresh memory. */
  readonly copy?: boolean;
  /** `true` reads arrays of Python objects as well. Default: false, they are refused with NPY_OBJECTS. */
  readonly objects?: boolean;
  /** The reading of a `str` of Python 2: as text of ASCII (the default), as text of Latin-1, or as bytes. */
  readonly encoding?: OldEncoding;
  /** `maxElements` and `maxBytes` bound the array; of an array of objects, `maxBytes` bounds the pickle. */
  readonly limits?: Partial<Limits>;
}

const NAMES = ['dtype', 'copy', 'objects', 'encoding', 'limits'];

/**
 * Decodes one array that Python pickled, of any protocol (0 to 5) and any NumPy, to a plain view. A NumPy scalar is a 0-d array.
 * Nothing is run. Bytes behind the pickle are ignored, as `pickle.loads` does.
 *
 * The elements are not copied where they are aligned, and an array of any size is read in microseconds then: its dtype and
 * shape are told by decoding it. Where they are not aligned they are copied once.
 *
 * @param bytes a pickle, from its first byte
 * @throws NpyError NPY_PICKLE for a pickle that is damaged, is no array (the message says what it is) or names what is not known
 *   here; NPY_OBJECTS, NPY_DTYPE, NPY_DESCR, NPY_SHAPE, NPY_TRUNCATED, NPY_LIMIT, NPY_OPTION, NPY_ARRAY
 * @example
 * const { data, shape } = decodePickle(bytes, { dtype: 'float32' }); // bytes: pickle.dumps(array)
 */
export function decodePickle<D extends DTypeName = DTypeName>(
  bytes: BytesLike,
  options?: DecodePickleOptions<D>,
): NpyView<D> {
  const file = asBytes(bytes);
  const { dtype, copy, objects, encoding, limits } = checkOptions(options, NAMES) ?? {};
  checkOption(copy, 'copy', typeof copy === 'boolean', 'true or false');
  checkOption(objects, 'objects', typeof objects === 'boolean', 'true or false');
  checkOption(encoding, 'encoding', ENCODINGS.includes(encoding), ENCODINGS.join(', '));
  const wanted = dtype === undefined || dtype === null ? undefined : checkDTypeName(dtype);
  const bounds = resolveLimits(limits);
  const pickle = objects
    ? readPickle(file, limits?.maxBytes, encoding ?? 'ascii')
    : readArrayPickle(file, encoding ?? 'ascii');
  const array = arrayOf(pickle.value);
  if (!array.dtype.hasDescr) {
    throw new NpyError('NPY_DESCR', 'npy: the fields of the pickled array overlap or are out of order');
  }
  const header = headerOf(array);
  checkShape(header.shape, array.items ? { itemsize: 0 } : header.type, bounds);
  const checked = checkDType(header, wanted);
  if (!array.items) return decodeData(allDTypes, checked, array.data ?? new Uint8Array(0), { copy: copy ?? false });
  const { shape, fortranOrder, items } = array;
  const source = new PickleSource(array, pickle);
  return viewOfObjects({ descr: source.descr, shape, fortranOrder, items, source }) as NpyView<D>;
}

/** The array that a pickle holds, a scalar as one without axes. @throws NpyError NPY_PICKLE for anything else */
function arrayOf(value: unknown): NumpyArray {
  if (value instanceof NumpyArray) return value;
  if (value instanceof NumpyScalar) {
    const { dtype, data } = value;
    return data instanceof NumpyArray ? data : new NumpyArray(dtype, { shape: [], data });
  }
  const found = kindOf(value);
  throw pickleError(`expected a pickled array, got ${found}`, { found });
}
