// Encodes an array to a pickle, as pickle.dumps writes an ndarray: the pickle is the whole message, without a .npy header.
import { checkOption, checkOptions } from '../arguments/options.ts';
import type { ViewLike } from '../array/npy-view.ts';
import type { Descr } from '../dtype/descr.ts';
import type { DTypeName } from '../dtype/dtype.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import { checkArray } from '../format/encode.ts';
import { checkedOf, type PreparedArray } from '../format/prepare.ts';
import { isContiguous } from '../layout/shape.ts';
import { joinBytes } from '../memory/allocate.ts';
import type { ObjectArray } from '../objects/object-codec.ts';
import { arrayOfObjects } from '../objects/object-data.ts';
import type { UnsharedBytes } from '../types/unshared.ts';
import { Identities } from './identities.ts';
import { NumpyArray } from './numpy/numpy-array.ts';
import { NumpyDType } from './numpy/numpy-dtype.ts';
import { CORES, writeObjects } from './pickle.ts';
import type { Protocol } from './write/emitter.ts';
import { writePickleParts } from './write/pickle-writer.ts';
import { type PickleVersions, reconstructArgs } from './write/reduction.ts';

/** Options of `encodePickle`. */
export interface EncodePickleOptions {
  /**
   * The protocol. Default: 4, which every Python from 3.4 on reads, and which Python 3.8 to 3.13 write by default; Python 3.14 writes
   * 5. In protocol 5, too, the elements are part of the pickle (in-band).
   */
  readonly protocol?: Protocol;
  /**
   * The module of NumPy's constructors. Default: `numpy._core`, as in NumPy 2, which NumPy before 1.26 does not have. NumPy 2 also reads
   * `numpy.core`, the module of NumPy 1.
   */
  readonly numpyCore?: PickleVersions['numpyCore'];
  /** The dtype to write, by name or as a descr with byte order. Default: the array's own, in native byte order. */
  readonly dtype?: DTypeName | Descr;
}

const NAMES = ['protocol', 'numpyCore', 'dtype'];
const PROTOCOLS: readonly unknown[] = [3, 4, 5];

/**
 * Encodes an array as `pickle.dumps` does: byte for byte what Python writes for the same array. An array that is not contiguous is
 * copied to C order.
 *
 * @param array a view, an ndarray or a store, also of objects; or the result of `prepareArray`, which may not be of objects
 * @returns fresh memory
 * @throws NpyError NPY_ARRAY, NPY_VALUE, NPY_DESCR, NPY_OPTION, NPY_LIMIT; NPY_OBJECTS for a prepared array of objects; NPY_OPTION for a
 *   prepared array with the option `dtype`, which `prepareArray` takes
 * @example
 * socket.write(encodePickle({ data: Float32Array.of(1, 2), shape: [2] })); // pickle.loads gives array([1., 2.], dtype=float32)
 */
export function encodePickle(array: ViewLike | PreparedArray, options?: EncodePickleOptions): UnsharedBytes {
  return joinBytes(encodePickleParts(array, options));
}

/**
 * Encodes an array in parts that are not joined. If the elements have 64 KiB or more, they are a part of their own, which may be the
 * array's own memory: write it out before the array changes.
 * @throws what `encodePickle` throws
 */
export function encodePickleParts(array: ViewLike | PreparedArray, options?: EncodePickleOptions): UnsharedBytes[] {
  const { protocol, numpyCore, dtype } = checkOptions(options, NAMES) ?? {};
  checkOption(protocol, 'protocol', PROTOCOLS.includes(protocol), '3, 4 or 5');
  checkOption(numpyCore, 'numpyCore', CORES.includes(numpyCore), CORES.join(' or '));
  const versions: PickleVersions = { protocol: protocol ?? 4, numpyCore: numpyCore ?? 'numpy._core' };
  let objects: ObjectArray | undefined;
  const prepared = checkedOf(array);
  checkOption(dtype, 'dtype', prepared === undefined, 'left out for a prepared array');
  const checked =
    prepared ??
    checkArray(allDTypes, array as ViewLike, dtype === undefined || dtype === null ? {} : { dtype }, (view, order) => {
      objects = arrayOfObjects(view, order);
      return new Uint8Array(0);
    });
  const { type, fortranOrder, source } = checked;
  const data = checked.data();
  if (objects) return writeObjects(objects, versions);
  const { shape, stride } = source;
  const pickled = new NumpyArray(new NumpyDType(type), { shape, fortranOrder, data });
  const isAnyOrder = isContiguous(shape, stride, false) || isContiguous(shape, stride, true);
  return writePickleParts(pickled, versions, isAnyOrder ? undefined : reconstructedIdentities(pickled));
}

/** Returns identities with which protocol 5, too, writes an array by _reconstruct, as NumPy does for arrays that are not contiguous. */
function reconstructedIdentities(array: NumpyArray): Identities {
  const identities = new Identities();
  identities.constructions.set(array, { args: reconstructArgs() });
  return identities;
}
