// The codec of object arrays, whose data is one pickle of the whole array. `decode` and `encode` take the codec as an option. Nothing that
// a pickle names is ever imported or called.

import { asBytes } from '../arguments/bytes-like.ts';
import { type Limits, resolveLimits } from '../arguments/limits.ts';
import { checkOption, checkOptions } from '../arguments/options.ts';
import type { Descr } from '../dtype/descr.ts';
import type { StringDType } from '../dtype/stringdtype.ts';
import { NpyError } from '../errors.ts';
import { joinBytes } from '../memory/allocate.ts';
import type { ObjectArray, ObjectCodec } from '../objects/object-codec.ts';
import type { UnsharedBytes } from '../types/unshared.ts';
import { NumpyArray } from './numpy/numpy-array.ts';
import { NumpyDType } from './numpy/numpy-dtype.ts';
import { kindOf, pickleError, valueError } from './pickle-error.ts';
import { readPickle } from './read/pickle-reader.ts';
import type { Python2Encoding, Unpickled } from './read/unpickled.ts';
import { writePickleParts } from './write/pickle-writer.ts';
import type { PickleVersions } from './write/reduction.ts';

/**
 * Options of the codec: the reading of pickles of Python 2, and the version of NumPy to write for. Default: the version that wrote the
 * array; NumPy 2 for a new array.
 */
export interface PickleOptions {
  /**
   * The reading of Python 2's `str`, which is bytes of unknown encoding: as ASCII (`'ascii'`, the default as in np.load; any other byte is
   * refused with NPY_PICKLE), as Latin-1 (`'latin1'`), or as bytes (`'bytes'`). Does not affect pickles of Python 3.
   */
  readonly encoding?: Python2Encoding;
  /** The protocol to write. NumPy 2 writes 4, NumPy 1 writes 3. */
  readonly protocol?: 3 | 4;
  /** The package in which the pickle names NumPy's internal functions: `numpy._core` since NumPy 2, `numpy.core` before. */
  readonly numpyCore?: 'numpy._core' | 'numpy.core';
}

/** An array that was read. */
export interface PickledArray extends ObjectArray {
  /** The bytes of the pickle. Another array may follow. */
  readonly byteLength: number;
  readonly source: PickleSource;
}

/** The codec of object arrays and StringDType. */
export interface PickleCodec extends ObjectCodec {
  /**
   * Reads one array from the start of `bytes`. The limit `maxElements` counts elements of the array, `maxBytes` the bytes of the
   * pickle.
   * @throws NpyError NPY_PICKLE if the pickle is damaged, or names an unknown class or function; NPY_TRUNCATED; NPY_LIMIT; NPY_OPTION
   */
  decode(bytes: Uint8Array, limits?: Partial<Limits>): PickledArray;
  /** Writes one array. @throws NpyError NPY_VALUE for a value that cannot be pickled; NPY_DESCR; NPY_LIMIT */
  encode(array: ObjectArray): UnsharedBytes;
  /** Returns a codec with these options. @throws NpyError NPY_OPTION */
  with(options: PickleOptions): PickleCodec;
}

/** The pickle of an array that was read, with which the same bytes can be written again. */
export class PickleSource {
  readonly array: NumpyArray;
  readonly descr: Descr | StringDType;
  readonly #pickle: Unpickled;

  constructor(array: NumpyArray, pickle: Unpickled) {
    this.array = array;
    this.descr = array.dtype.descr;
    this.#pickle = pickle;
  }

  get identities(): Unpickled['identities'] {
    return this.#pickle.identities;
  }

  /**
   * The pickle protocol, and the package of NumPy's internal functions, with which the array is written again. Protocols that np.save does
   * not write are replaced: those below 3 by 3, and 5 by 4.
   */
  get versions(): PickleVersions {
    const { protocol, numpyCore } = this.#pickle;
    return { protocol: protocol < 4 ? 3 : 4, numpyCore: numpyCore ?? 'numpy._core' };
  }
}

/**
 * The codec for object arrays: `decode(bytes, { objects: pickle })`, `encode(array, { objects: pickle })`. It writes an array that was
 * read as its NumPy did, and a new one as NumPy 2 does.
 * @example
 * const array = decode(bytes, { objects: pickle });
 * const forNumPy1 = encode(array, { objects: pickle.with({ protocol: 3, numpyCore: 'numpy.core' }) });
 */
export const pickle: PickleCodec = codec({});

function codec(options: PickleOptions): PickleCodec {
  return {
    decode: (bytes, limits) => decode(bytes, limits, options),
    encode: (array) => encode(array, options),
    with: (more) => codec({ ...options, ...checkPickleOptions(more) }),
  };
}

export const ENCODINGS: readonly unknown[] = ['ascii', 'latin1', 'bytes'];
export const CORES: readonly unknown[] = ['numpy._core', 'numpy.core'];

/** Checks the options, and returns those that have a value. @throws NpyError NPY_OPTION */
function checkPickleOptions(options: PickleOptions): PickleOptions {
  const { encoding, protocol, numpyCore } = checkOptions(options, ['encoding', 'protocol', 'numpyCore']) ?? {};
  checkOption(encoding, 'encoding', ENCODINGS.includes(encoding), ENCODINGS.join(', '));
  checkOption(protocol, 'protocol', protocol === 3 || protocol === 4, '3 or 4');
  checkOption(numpyCore, 'numpyCore', CORES.includes(numpyCore), CORES.join(' or '));
  return { ...(encoding && { encoding }), ...(protocol && { protocol }), ...(numpyCore && { numpyCore }) };
}

function decode(
  bytes: Uint8Array,
  limits: Partial<Limits> | undefined | null,
  { encoding }: PickleOptions,
): PickledArray {
  resolveLimits(limits);
  const { maxBytes, maxElements = Number.POSITIVE_INFINITY } = limits ?? {};
  const pickle = readPickle(asBytes(bytes), maxBytes, encoding);
  const { value, byteLength } = pickle;
  if (!(value instanceof NumpyArray)) throw pickleError(`expected a pickled array, got ${kindOf(value)}`);
  const { dtype, shape, fortranOrder, items } = value;
  if (!items) throw pickleError(`expected an array of objects, got one of dtype ${dtype}`);
  if (!dtype.hasDescr) throw pickleError('the fields of the array overlap or are out of order');
  if (items.length > maxElements) {
    const message = `npy: ${items.length} elements are more than the limit of ${maxElements}, limits.maxElements`;
    throw new NpyError('NPY_LIMIT', message, { elements: items.length, maxElements });
  }
  const source = new PickleSource(value, pickle);
  return { descr: source.descr, shape, fortranOrder, items, byteLength, source };
}

function encode(array: ObjectArray, options: PickleOptions): UnsharedBytes {
  if (typeof array !== 'object' || array === null)
    throw valueError(`expected an array of objects, got ${kindOf(array)}`);
  const versions = array.source instanceof PickleSource ? array.source.versions : undefined;
  const { protocol = versions?.protocol ?? 4, numpyCore = versions?.numpyCore ?? 'numpy._core' } = options;
  return joinBytes(writeObjects(array, { protocol, numpyCore }));
}

/** Returns the pickle of an array of objects, in parts that are not joined. @throws NpyError NPY_VALUE, NPY_DESCR, NPY_LIMIT */
export function writeObjects(array: ObjectArray, versions: PickleVersions): UnsharedBytes[] {
  const source = array.source instanceof PickleSource ? array.source : undefined;
  return writePickleParts(arrayOf(array, source), versions, source?.identities);
}

/** Returns the array that was read if nothing has changed; otherwise a new one, with the same dtype object if the dtype has not changed. */
function arrayOf({ descr, shape, fortranOrder, items }: ObjectArray, source: PickleSource | undefined): NumpyArray {
  // The dtype has not changed if its descr is the object that reading returned.
  const read = source && source.descr === descr ? source.array : undefined;
  if (read && isSame(read.items, items) && isSame(read.shape, shape) && read.fortranOrder === fortranOrder) return read;
  const dtype = read?.dtype ?? NumpyDType.of(descr);
  if (!dtype.hasObject) throw valueError(`an array of dtype ${dtype} is not saved as a pickle`, { descr });
  return new NumpyArray(dtype, { shape, fortranOrder, items });
}

function isSame(a: readonly unknown[] | undefined, b: readonly unknown[]): boolean {
  return a === b || (Array.isArray(b) && a?.length === b.length && a.every((value, i) => Object.is(value, b[i])));
}
