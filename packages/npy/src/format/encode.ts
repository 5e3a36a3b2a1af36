// Encodes an array to bytes: chooses the dtype to write and the order of the elements, and writes the header and the data.
// A contiguous array in the machine's byte order is not copied: its own memory is the body.

import { asBytes } from '../arguments/bytes-like.ts';
import { checkOption, checkOptions } from '../arguments/options.ts';
import { type CheckedView, checkView, copySizes, type ViewLike } from '../array/npy-view.ts';
import { type Descr, refuse } from '../dtype/descr.ts';
import type { DType, DTypeName } from '../dtype/dtype.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import type { DTypeSet } from '../dtype-set/dtype-set.ts';
import { NpyError } from '../errors.ts';
import type { NpyHeader, NpyVersion } from '../header/header.ts';
import { writeHeader } from '../header/write.ts';
import { gather } from '../layout/gather.ts';
import { checkSizes, isContiguous, sizeOf } from '../layout/shape.ts';
import { allocateBytes, copyBytes } from '../memory/allocate.ts';
import type { ObjectCodec } from '../objects/object-codec.ts';
import { checkCodec, encodeObjects } from '../objects/object-data.ts';
import { bytesOfStore, rawOf } from '../stores/number-stores.ts';
import type { BinaryStore } from '../stores/store-types.ts';
import type { UnsharedBytes } from '../types/unshared.ts';

/** Options of `encode`. The header that `readHeader` returns is accepted as well, and asks for the same header again. */
export interface EncodeOptions {
  /** The dtype to write, by name or as a descr with byte order. Default: the array's own, in native byte order. */
  readonly dtype?: DTypeName | Descr;
  /** The same as `dtype`, and preferred if both are given. Ignored for object arrays, whose dtype is part of the pickle. */
  readonly descr?: Descr;
  /** True to write in Fortran order, the first axis fastest. Default, as in NumPy: true if the array is in Fortran and not in C order. */
  readonly fortranOrder?: boolean;
  /** The format version. Default, as in NumPy: the first that can hold the header. */
  readonly version?: NpyVersion;
  /** The codec for object arrays: `pickle` of @bridge/npy/pickle. Without it they are refused. */
  readonly objects?: ObjectCodec;
}

const ENCODE_OPTIONS = ['dtype', 'descr', 'fortranOrder', 'version', 'objects'];
/** The names that a header may have. Options that are not a header may not have a shape, since an array has its own. */
const HEADER = [...ENCODE_OPTIONS, 'shape', 'dataOffset', 'dataBytes'];

/** Checks the names of options of `encode`, and the codec. The other values are checked later. @throws NpyError NPY_OPTION */
export function checkEncodeOptions(options: EncodeOptions | undefined | null): EncodeOptions | undefined {
  const isHeader = (options as Partial<NpyHeader> | undefined | null)?.dataOffset !== undefined;
  const given = checkOptions(options, isHeader ? HEADER : ENCODE_OPTIONS);
  checkCodec(given?.objects, 'encode');
  return given;
}

/** The header and the data, not joined. */
export type NpyParts = [header: UnsharedBytes, body: UnsharedBytes];

/**
 * Encodes an array as np.save does, without joining header and data. The body may be the array's own memory: write it
 * out before the array changes.
 *
 * @throws NpyError NPY_ARRAY, NPY_VALUE, NPY_DESCR, NPY_OBJECTS, NPY_OPTION, NPY_VERSION, NPY_HEADER, NPY_LIMIT
 * @example
 * const [header, body] = encodeParts({ data: new Uint8Array(921600), shape: [480, 640, 3] });
 * socket.cork(); socket.write(header); socket.write(body); socket.uncork();
 */
export function encodeParts(array: ViewLike, options?: EncodeOptions): NpyParts {
  return encodePartsWith(allDTypes, array, options, encodeObjects);
}

/** The contents of a header. Any header that `readHeader` returns is accepted. */
export interface HeaderOptions extends Omit<EncodeOptions, 'objects'> {
  /** Elements along each axis; empty for a 0-d array. */
  readonly shape: readonly number[];
  /** True if the first axis is fastest in the data that follows. Default: false. */
  readonly fortranOrder?: boolean;
}

/**
 * Encodes a header alone, with the bytes of np.save, for data that is written piece by piece or elsewhere. The header has room for the
 * first axis (in Fortran order the last) to grow, so that it can be overwritten with one of the same length.
 *
 * @throws NpyError NPY_DESCR for an unknown dtype, or one without a width; NPY_ARRAY for an invalid shape; NPY_SHAPE, NPY_OPTION,
 *   NPY_VERSION, NPY_HEADER
 * @example
 * file.write(encodeHeader({ dtype: 'uint8', shape: [frames, 480, 640, 3] })); // and then the frames, one by one
 */
export function encodeHeader(header: HeaderOptions): UnsharedBytes {
  const { type, shape, fortranOrder, version } = checkHeaderOptions(header);
  return writeHeader({ descrText: allDTypes.repr(allDTypes.descrOf(type)), fortranOrder, shape }, version);
}

/** Checks a header that is written without its array. @throws NpyError NPY_DESCR, NPY_ARRAY, NPY_SHAPE, NPY_OPTION, NPY_HEADER */
export function checkHeaderOptions(header: HeaderOptions): {
  readonly type: DType;
  readonly shape: readonly number[];
  readonly fortranOrder: boolean;
  readonly version: NpyVersion | undefined;
} {
  const {
    dtype,
    descr = dtype,
    shape,
    fortranOrder,
    version,
  } = checkOptions(header, HEADER) ?? ({} as Partial<HeaderOptions>);
  const type = allDTypes.named(descr);
  // A width of 0 must be spelled out, as in |S0.
  if (type.itemsize === 0 && typeof descr === 'string' && !descr.endsWith('0')) {
    throw refuse(descr, 'has no width: spell it, as <U5', 'caller');
  }
  const sizes = copySizes(shape ?? null, 'shape') ?? [];
  checkSizes(sizes, type);
  return { type, shape: sizes, fortranOrder: checkOrder(fortranOrder) ?? false, version };
}

/** Encodes the data of an object array. Functions that take a set of dtypes take this function only if the set has objects. */
type EncodeObjects = typeof encodeObjects;

/** An array and its options, which were checked. No element has been read or copied yet. */
export interface CheckedArray {
  readonly source: CheckedView;
  /** The dtype to write. */
  readonly type: DType;
  readonly fortranOrder: boolean;
  /**
   * Returns the header, with room behind it for `dataBytes` bytes of data.
   * @throws NpyError NPY_VERSION, NPY_HEADER, NPY_LIMIT
   */
  header(dataBytes?: number): UnsharedBytes;
  /** Returns the data. @throws NpyError NPY_VALUE, NPY_OBJECTS, NPY_LIMIT, NPY_ARRAY for memory that was transferred away */
  data(): UnsharedBytes;
}

/** Checks an array and the options. @throws NpyError NPY_ARRAY, NPY_DESCR, NPY_OPTION, NPY_HEADER for an invalid order */
export function checkArray(
  dtypes: DTypeSet,
  array: ViewLike,
  options: EncodeOptions | undefined | null,
  objects?: EncodeObjects,
): CheckedArray {
  const source = checkView(array, dtypes);
  const { dtype, descr, fortranOrder: givenOrder, version, objects: codec } = checkEncodeOptions(options) ?? {};
  const named = descr ?? dtype ?? source.dtype;
  // A name without its width, unit or fields asks for those of the array.
  const type = named === source.dtype ? source.type : dtypes.named(named, source);
  const fortranOrder = checkOrder(givenOrder) ?? isFortran(source);
  return {
    source,
    type,
    fortranOrder,
    header: (dataBytes) =>
      writeHeader(
        { descrText: dtypes.repr(dtypes.descrOf(type)), fortranOrder, shape: source.shape },
        version,
        dataBytes,
      ),
    data() {
      const view = type === source.type || dtypes.isSame(type, source.type) ? source : dtypes.convert(source, type);
      if (type.name === 'object' && objects) return objects(view, fortranOrder, codec);
      return encodeBody(dtypes, view, type, fortranOrder);
    },
  };
}

/** Does what `encodeParts` does, for a set of dtypes. */
export function encodePartsWith(
  dtypes: DTypeSet,
  array: ViewLike,
  options: EncodeOptions | undefined | null,
  objects?: EncodeObjects,
): NpyParts {
  const checked = checkArray(dtypes, array, options, objects);
  return [checked.header(), checked.data()];
}

/** Does what `encode` does, for a set of dtypes. Memory for header and data is allocated at once. */
export function encodeWith(
  dtypes: DTypeSet,
  array: ViewLike,
  options: EncodeOptions | undefined | null,
  objects?: EncodeObjects,
): UnsharedBytes {
  const checked = checkArray(dtypes, array, options, objects);
  const data = checked.data();
  const file = checked.header(data.length);
  file.set(data, file.length - data.length);
  return file;
}

/**
 * Encodes an array as np.save does: byte for byte what NumPy writes for the same array.
 *
 * @returns fresh memory
 * @throws NpyError NPY_ARRAY, NPY_VALUE, NPY_DESCR, NPY_OBJECTS, NPY_OPTION, NPY_VERSION, NPY_HEADER, NPY_LIMIT
 * @example
 * writeFileSync('ramp.npy', encode({ data: new Float32Array([0, 1, 2]), shape: [3] }));
 */
export function encode(array: ViewLike, options?: EncodeOptions): UnsharedBytes {
  return encodeWith(allDTypes, array, options, encodeObjects);
}

/**
 * Encodes an array into `target`, from its first byte on.
 *
 * @returns the number of bytes written
 * @throws NpyError NPY_TARGET if `target` is not bytes, or too small for the array; what `encode` throws
 */
export function encodeInto(array: ViewLike, target: Uint8Array, options?: EncodeOptions): number {
  return copyParts(encodeParts(array, options), target);
}

/** Copies the parts into `target`, from its first byte on. @throws NpyError NPY_TARGET */
export function copyParts([header, data]: NpyParts, target: Uint8Array): number {
  const bytes = header.length + data.length;
  if (!ArrayBuffer.isView(target)) {
    throw new NpyError('NPY_TARGET', 'npy: the target must be a Uint8Array', { expected: bytes });
  }
  const room = asBytes(target);
  if (room.length < bytes) {
    throw new NpyError('NPY_TARGET', `npy: the array takes ${bytes} bytes, the target has ${room.length}`, {
      expected: bytes,
      actual: room.length,
    });
  }
  // The data is copied first, because it may lie in the target itself, where the header will be written.
  room.set(data, header.length);
  room.set(header);
  return bytes;
}

function checkOrder(fortranOrder: boolean | undefined): boolean | undefined {
  checkOption(fortranOrder, 'fortranOrder', typeof fortranOrder === 'boolean', 'true or false', 'NPY_HEADER');
  return fortranOrder;
}

/** Returns whether the first axis is fastest in memory. Elements without bytes have no order. */
function isFortran({ type, shape, stride }: CheckedView): boolean {
  return type.itemsize > 0 && !isContiguous(shape, stride, false) && isContiguous(shape, stride, true);
}

/** Returns the data to write. The type says that its memory is not shared, so that Blob accepts it; shared memory works as well. */
function encodeBody(dtypes: DTypeSet, view: CheckedView, type: DType, fortranOrder: boolean): UnsharedBytes {
  const { itemsize } = type;
  const size = sizeOf(view.shape) * itemsize;
  const plain = !dtypes.isForeign(type) && !dtypes.hasLongDouble(type);
  const inOrder = isContiguous(view.shape, view.stride, fortranOrder);
  const bytes = bytesOfStore(view.data as BinaryStore) as UnsharedBytes;
  if (size === 0) return new Uint8Array(0);
  const start = view.offset * itemsize;
  // The body must keep its size even if its memory is resized, while a view that was made without a length is resized as well.
  const isWhole = start === 0 && size === bytes.length && bytes !== rawOf(view.data as BinaryStore);
  const contiguous = isWhole ? bytes : bytes.subarray(start, start + size);
  if (inOrder && plain) return contiguous;
  const out = inOrder ? copyBytes(contiguous) : allocateBytes(size);
  if (!inOrder) {
    gather({ bytes, itemsize, shape: view.shape, stride: view.stride, offset: view.offset }, out, fortranOrder);
  }
  if (!plain) dtypes.fromNative(out, type);
  return out;
}
