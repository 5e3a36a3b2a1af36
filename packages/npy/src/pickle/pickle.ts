// The data of an object array: the whole array as one pickle, behind the header. Both directions, as one codec that
// `decode` and `encode` are handed. Nothing of what a pickle names is ever imported or called.

import { asBytes } from '../arguments/bytes-like.ts';
import { type Limits, resolveLimits } from '../arguments/limits.ts';
import { checkOption, checkOptions } from '../arguments/options.ts';
import type { Descr } from '../dtype/descr.ts';
import type { StringDType } from '../dtype/string-dtype.ts';
import { NpyError } from '../errors.ts';
import { joined } from '../memory/allocate.ts';
import type { UnsharedBytes } from '../memory/unshared.ts';
import type { ObjectArray, ObjectCodec } from '../objects/object-codec.ts';
import { NumpyArray } from './numpy/numpy-array.ts';
import { NumpyDType } from './numpy/numpy-dtype.ts';
import { kindOf, pickleError, valueError } from './pickle-error.ts';
import type { OldEncoding, Unpickled } from './read/machine.ts';
import { readPickle } from './read/reader.ts';
import type { Dialect } from './write/reduction.ts';
import { writePickleParts } from './write/writer.ts';

/**
 * How to read what Python 2 wrote, and which NumPy's np.save to write as. Default: the one that wrote the array; of a new
 * array, NumPy 2.
 */
export interface PickleOptions {
  /**
   * What a `str` of Python 2 is, which is bytes of no known encoding: text of ASCII, as np.load takes it unless it is told
   * (`'ascii'`, the default: any other byte is NPY_PICKLE), text of Latin-1 (`'latin1'`), or bytes (`'bytes'`). Those of
   * Python 3 know what they are.
   */
  readonly encoding?: OldEncoding;
  /** NumPy 2 writes protocol 4, NumPy 1 protocol 3. */
  readonly protocol?: 3 | 4;
  /** The module that NumPy's constructors are in: `numpy._core` since NumPy 2. */
  readonly numpyCore?: 'numpy._core' | 'numpy.core';
}

/** An array that was read. */
export interface PickledArray extends ObjectArray {
  /** From the first byte of the pickle to its last. Another array may follow. */
  readonly byteLength: number;
  readonly source: PickleSource;
}

/** The codec of object arrays and StringDType. */
export interface PickleCodec extends ObjectCodec {
  /**
   * Reads one array from the start of `bytes`. Of `limits`, `maxElements` counts elements of the array, and `maxBytes`
   * the bytes of the pickle.
   * @throws NpyError NPY_PICKLE for a pickle that is damaged, or names what is not known here; NPY_TRUNCATED; NPY_LIMIT; NPY_OPTION
   */
  decode(bytes: Uint8Array, limits?: Partial<Limits>): PickledArray;
  /** @throws NpyError NPY_VALUE for a value that is none of those known here; NPY_DESCR; NPY_LIMIT */
  encode(array: ObjectArray): UnsharedBytes;
  /** The codec that reads and writes as these options say. @throws NpyError NPY_OPTION */
  with(options: PickleOptions): PickleCodec;
}

/** How an array was written, by which the same bytes are written again. */
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

  /** Protocols that no np.save of today writes are taken for the next one that it does. */
  get dialect(): Dialect {
    const { protocol, numpyCore } = this.#pickle;
    return { protocol: protocol < 4 ? 3 : 4, numpyCore: numpyCore ?? 'numpy._core' };
  }
}

/**
 * Reads and writes object arrays: for `decode(bytes, { objects: pickle })` and `encode(array, { objects: pickle })`. It
 * writes an array as the NumPy did that it was read from, and a new one as NumPy 2 does.
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

/** The options that are given: null is none. @throws NpyError NPY_OPTION */
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
  const dialect = array.source instanceof PickleSource ? array.source.dialect : undefined;
  const { protocol = dialect?.protocol ?? 4, numpyCore = dialect?.numpyCore ?? 'numpy._core' } = options;
  return joined(writeObjects(array, { protocol, numpyCore }));
}

/** The pickle of an array of objects, not joined. @throws NpyError NPY_VALUE, NPY_DESCR, NPY_LIMIT */
export function writeObjects(array: ObjectArray, dialect: Dialect): UnsharedBytes[] {
  const source = array.source instanceof PickleSource ? array.source : undefined;
  return writePickleParts(arrayOf(array, source), dialect, source?.identities);
}

/** The array that was read, where it is still the same; or a new one, of the same dtype where it still is. */
function arrayOf({ descr, shape, fortranOrder, items }: ObjectArray, source: PickleSource | undefined): NumpyArray {
  // The dtype is that of what was read as long as its descr is the very one that reading gave.
  const read = source && source.descr === descr ? source.array : undefined;
  if (read && isSame(read.items, items) && isSame(read.shape, shape) && read.fortranOrder === fortranOrder) return read;
  const dtype = read?.dtype ?? NumpyDType.of(descr);
  if (!dtype.hasObject) throw valueError(`an array of dtype ${dtype} is not pickled`, { descr });
  return new NumpyArray(dtype, { shape, fortranOrder, items });
}

function isSame(a: readonly unknown[] | undefined, b: readonly unknown[]): boolean {
  return a === b || (Array.isArray(b) && a?.length === b.length && a.every((value, i) => Object.is(value, b[i])));
}
