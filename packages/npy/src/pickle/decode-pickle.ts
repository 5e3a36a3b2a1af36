// Decodes a pickled array to a view: the pickle is the whole message, without a .npy header. Nothing that it names is imported or run.

import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import { type Limits, resolveLimits } from '../arguments/limits.ts';
import { checkOption, checkOptions } from '../arguments/options.ts';
import type { NpyView } from '../array/npy-view.ts';
import { checkDTypeName, type DTypeName } from '../dtype/dtype.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { checkDType, decodeBody } from '../format/decode.ts';
import type { NpyHeader } from '../header/header.ts';
import type { TypedHeader } from '../header/read.ts';
import { checkShape } from '../layout/shape.ts';
import { viewOfObjects } from '../objects/object-data.ts';
import { NumpyArray, NumpyScalar } from './numpy/numpy-array.ts';
import { headerOf } from './numpy-views.ts';
import { ENCODINGS, PickleSource } from './pickle.ts';
import { kindOf, pickleError } from './pickle-error.ts';
import { readArrayPickle, readPickle } from './read/pickle-reader.ts';
import type { Python2Encoding, Unpickled } from './read/unpickled.ts';

/** The dtype, shape and size of a pickled array: the parts of an `NpyHeader` that do not belong to a .npy file alone. */
export type PickleHeader = Pick<NpyHeader, 'dtype' | 'descr' | 'shape' | 'fortranOrder' | 'dataBytes'>;

/** Options of `readPickleHeader`. */
export interface PickleHeaderOptions {
  /** `true` accepts arrays of Python objects as well. Default: `false`, they are refused with NPY_OBJECTS. */
  readonly objects?: boolean;
  /** The reading of Python 2's `str`, whose encoding is unknown: as ASCII text (default), as Latin-1 text, or as bytes. */
  readonly encoding?: Python2Encoding;
  /** `true` refuses bytes behind the pickle. Default: `false`, they are ignored, as in `pickle.loads`. */
  readonly whole?: boolean;
  /** Limits on the array. For an array of objects, `maxBytes` limits the pickle. */
  readonly limits?: Partial<Limits>;
}

/** Options of `decodePickle`. */
export interface DecodePickleOptions<D extends DTypeName = DTypeName> extends PickleHeaderOptions {
  /** The dtype that the array must have; any other is refused with NPY_DTYPE. Narrows the result's type. */
  readonly dtype?: D;
  /** `false` (default): a view of the given bytes if they are aligned and in native byte order. `true`: always fresh memory. */
  readonly copy?: boolean;
}

const HEADER_NAMES = ['objects', 'encoding', 'whole', 'limits'];
const NAMES = ['dtype', 'copy', ...HEADER_NAMES];

/**
 * Decodes an array that Python pickled, with any protocol (0 to 5) and any version of NumPy, to a plain view. A NumPy scalar becomes a 0-d
 * array. Nothing is run.
 *
 * Aligned elements are not copied. Other elements are copied once. With `objects: true` there is one copy more.
 *
 * @param bytes a pickle, from its first byte
 * @throws NpyError NPY_PICKLE if the pickle is damaged, is not an array (the message says what it is), or names an unknown class or
 *   function; NPY_OBJECTS, NPY_DTYPE, NPY_DESCR, NPY_SHAPE, NPY_TRUNCATED, NPY_LIMIT, NPY_OPTION, NPY_ARRAY
 * @example
 * const { data, shape } = decodePickle(bytes, { dtype: 'float32' }); // bytes: pickle.dumps(array)
 */
export function decodePickle<D extends DTypeName = DTypeName>(
  bytes: BytesLike,
  options?: DecodePickleOptions<D>,
): NpyView<D> {
  const { dtype, copy, ...reading } = checkOptions(options, NAMES) ?? {};
  checkOption(copy, 'copy', typeof copy === 'boolean', 'true or false');
  const expected = dtype === undefined || dtype === null ? undefined : checkDTypeName(dtype);
  const { array, header, pickle } = readArray(bytes, reading);
  const checked = checkDType(header, expected);
  if (!array.items) return decodeBody(allDTypes, checked, array.data ?? new Uint8Array(0), { copy: copy ?? false });
  const { shape, fortranOrder, items } = array;
  const source = new PickleSource(array, pickle);
  return viewOfObjects({ descr: source.descr, shape, fortranOrder, items, source }) as NpyView<D>;
}

/**
 * Reads the dtype and the shape of a pickled array, without decoding its elements. `bytes` must be the whole pickle.
 *
 * @throws what `decodePickle` throws
 * @example
 * readPickleHeader(bytes).shape; // [480, 640, 3]
 */
export function readPickleHeader(bytes: BytesLike, options?: PickleHeaderOptions): PickleHeader {
  const { array, header } = readArray(bytes, checkOptions(options, HEADER_NAMES) ?? {});
  const { dtype, descr, shape, fortranOrder, dataBytes } = header;
  return { dtype, descr, shape, fortranOrder, dataBytes: array.items ? Number.POSITIVE_INFINITY : dataBytes };
}

/** An array that was read, and the header that a file of it would have. */
interface ReadArray {
  readonly array: NumpyArray;
  readonly header: TypedHeader;
  readonly pickle: Unpickled;
}

/** Reads the array of a pickle, whose elements are copied only if `objects` is true. @throws what `readPickleHeader` throws */
function readArray(bytes: BytesLike, { objects, encoding, whole, limits }: PickleHeaderOptions): ReadArray {
  const file = asBytes(bytes);
  checkOption(objects, 'objects', typeof objects === 'boolean', 'true or false');
  checkOption(encoding, 'encoding', ENCODINGS.includes(encoding), ENCODINGS.join(', '));
  checkOption(whole, 'whole', typeof whole === 'boolean', 'true or false');
  const bounds = resolveLimits(limits);
  const pickle = objects
    ? readPickle(file, limits?.maxBytes, encoding ?? 'ascii')
    : readArrayPickle(file, encoding ?? 'ascii');
  const array = checkPickledArray(pickle.value);
  if (whole && pickle.byteLength < file.length) {
    const message = `the pickle ends after ${pickle.byteLength} of ${file.length} bytes`;
    throw pickleError(message, { position: pickle.byteLength });
  }
  if (!array.dtype.hasDescr) {
    throw new NpyError('NPY_DESCR', 'npy: the fields of the pickled array overlap or are out of order');
  }
  const header = headerOf(array);
  checkShape(header.shape, array.items ? { itemsize: 0 } : header.type, bounds);
  return { array, header, pickle };
}

/** Returns the array of a pickle. A scalar becomes a 0-d array. @throws NpyError NPY_PICKLE for any other value */
function checkPickledArray(value: unknown): NumpyArray {
  if (value instanceof NumpyArray) return value;
  if (value instanceof NumpyScalar) {
    const { dtype, data } = value;
    return data instanceof NumpyArray ? data : new NumpyArray(dtype, { shape: [], data });
  }
  const found = kindOf(value);
  throw pickleError(`expected a pickled array, got ${found}`, { found });
}
