// An array to bytes, in wire order: the dtype it is to have, the order of its elements, the header, the data.
// A contiguous array in the machine's byte order is not touched: its own memory is the body.

import { asBytes } from '../arguments/bytes-like.ts';
import { checkOption, checkOptions } from '../arguments/options.ts';
import { type CheckedView, checkView, sizesOf, type ViewLike } from '../array/npy-view.ts';
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
import type { UnsharedBytes } from '../memory/unshared.ts';
import type { ObjectCodec } from '../objects/object-codec.ts';
import { checkCodec, encodeObjects } from '../objects/object-data.ts';
import { bytesOfStore, rawOf } from '../stores/native-numbers.ts';
import type { BinaryStore } from '../stores/store-types.ts';

/** How to encode. What `readHeader` returns is one of these: it asks for the same file again. */
export interface EncodeOptions {
  /** The dtype to write, by name or as a descr with byte order. Default: the array's own, in native byte order. */
  readonly dtype?: DTypeName | Descr;
  /** As `dtype`, and stronger where both are given. Of object arrays it is part of the pickle, and not looked at. */
  readonly descr?: Descr;
  /** Write the first axis fastest. Default, as NumPy: when the array lies so in memory and not also in C order. */
  readonly fortranOrder?: boolean;
  /** The format version. Default, as NumPy: the first that can hold the header. */
  readonly version?: NpyVersion;
  /** Writes object arrays: `pickle` of @bridge/npy/pickle. Without it they are refused. */
  readonly objects?: ObjectCodec;
}

const ENCODE_OPTIONS = ['dtype', 'descr', 'fortranOrder', 'version', 'objects'];
/** A header says more than is asked for. A shape without the rest of it is a mistake: the array has its own. */
const HEADER = [...ENCODE_OPTIONS, 'shape', 'dataOffset', 'dataBytes'];

/** Options of `encode`, all but whether there is a codec looked at later. @throws NpyError NPY_OPTION */
export function checkEncodeOptions(options: EncodeOptions | undefined | null): EncodeOptions | undefined {
  const isHeader = (options as Partial<NpyHeader> | undefined | null)?.dataOffset !== undefined;
  const given = checkOptions(options, isHeader ? HEADER : ENCODE_OPTIONS);
  checkCodec(given?.objects, 'encode');
  return given;
}

/** The header and the data, not joined. */
export type NpyParts = [header: UnsharedBytes, body: UnsharedBytes];

/**
 * Encodes an array as np.save would, without joining header and data. The body may be the array's own memory: write
 * it out before the array changes.
 *
 * @throws NpyError NPY_ARRAY, NPY_VALUE, NPY_DESCR, NPY_OBJECTS, NPY_OPTION, NPY_VERSION, NPY_HEADER, NPY_LIMIT
 * @example
 * const [header, body] = encodeParts({ data: new Uint8Array(921600), shape: [480, 640, 3] });
 * socket.cork(); socket.write(header); socket.write(body); socket.uncork();
 */
export function encodeParts(array: ViewLike, options?: EncodeOptions): NpyParts {
  return partsWith(allDTypes, array, options, encodeObjects);
}

/** What a header says of an array that is not there: all that `readHeader` returns will do. */
export interface HeaderOptions extends Omit<EncodeOptions, 'objects'> {
  /** Elements along each axis; empty for a 0-d array. */
  readonly shape: readonly number[];
  /** Whether the data that follows has the first axis fastest. Default: false. */
  readonly fortranOrder?: boolean;
}

/**
 * The header alone, of `np.save`'s own bytes: for data that is written piece by piece, or that others write. There is room in it
 * for the first axis (in Fortran order the last) to grow, so that it can be written anew with the same length.
 *
 * @throws NpyError NPY_DESCR for a dtype that is none, or has no width; NPY_ARRAY for a shape that is none; NPY_SHAPE, NPY_OPTION, NPY_VERSION, NPY_HEADER
 * @example
 * file.write(encodeHeader({ dtype: 'uint8', shape: [frames, 480, 640, 3] })); // and then the frames, one by one
 */
export function encodeHeader(header: HeaderOptions): UnsharedBytes {
  const {
    dtype,
    descr = dtype,
    shape,
    fortranOrder,
    version,
  } = checkOptions(header, HEADER) ?? ({} as Partial<HeaderOptions>);
  const type = allDTypes.named(descr);
  // A width of 0 is one where it is spelled, as in |S0.
  if (type.itemsize === 0 && typeof descr === 'string' && !descr.endsWith('0')) {
    throw refuse(descr, 'has no width: spell it, as <U5', 'caller');
  }
  const sizes = sizesOf(shape ?? null, 'shape') ?? [];
  checkSizes(sizes, type);
  const descrText = allDTypes.repr(allDTypes.descrOf(type));
  return writeHeader({ descrText, fortranOrder: checkOrder(fortranOrder) ?? false, shape: sizes }, version);
}

/** The body of an array of objects, in a set of dtypes that has some. */
type ObjectsBody = typeof encodeObjects;

/** An array and its options, checked. No element was looked at or copied yet. */
export interface CheckedArray {
  readonly source: CheckedView;
  /** The dtype to write. */
  readonly type: DType;
  /**
   * The header, and room behind it for so many bytes of data.
   * @throws NpyError NPY_VERSION, NPY_HEADER, NPY_LIMIT
   */
  header(dataBytes?: number): UnsharedBytes;
  /** The data. @throws NpyError NPY_VALUE, NPY_OBJECTS, NPY_LIMIT, NPY_ARRAY for memory that was transferred away */
  data(): UnsharedBytes;
}

/** Checks an array and the options. @throws NpyError NPY_ARRAY, NPY_DESCR, NPY_OPTION, NPY_HEADER for an invalid order */
export function checkArray(
  dtypes: DTypeSet,
  array: ViewLike,
  options: EncodeOptions | undefined | null,
  objects?: ObjectsBody,
): CheckedArray {
  const source = checkView(array, dtypes);
  const { dtype, descr, fortranOrder: wanted, version, objects: codec } = checkEncodeOptions(options) ?? {};
  const asked = descr ?? dtype ?? source.dtype;
  // The name alone of a dtype that has a width, a unit or fields asks for those of the array.
  const type = asked === source.dtype ? source.type : dtypes.named(asked, source);
  const fortranOrder = checkOrder(wanted) ?? isFortran(source);
  return {
    source,
    type,
    header: (dataBytes) =>
      writeHeader(
        { descrText: dtypes.repr(dtypes.descrOf(type)), fortranOrder, shape: source.shape },
        version,
        dataBytes,
      ),
    data() {
      const view = type === source.type || dtypes.isSame(type, source.type) ? source : dtypes.convert(source, type);
      if (type.name === 'object' && objects) return objects(view, fortranOrder, codec);
      return body(dtypes, view, type, fortranOrder);
    },
  };
}

/** `encodeParts`, of a set of dtypes. */
export function partsWith(
  dtypes: DTypeSet,
  array: ViewLike,
  options: EncodeOptions | undefined | null,
  objects?: ObjectsBody,
): NpyParts {
  const checked = checkArray(dtypes, array, options, objects);
  return [checked.header(), checked.data()];
}

/** `encode`, of a set of dtypes. Memory is taken once, for both parts. */
export function fileWith(
  dtypes: DTypeSet,
  array: ViewLike,
  options: EncodeOptions | undefined | null,
  objects?: ObjectsBody,
): UnsharedBytes {
  const checked = checkArray(dtypes, array, options, objects);
  const data = checked.data();
  const file = checked.header(data.length);
  file.set(data, file.length - data.length);
  return file;
}

/**
 * Encodes an array as np.save would: byte for byte what NumPy writes for the same array.
 *
 * @returns fresh memory
 * @throws NpyError NPY_ARRAY, NPY_VALUE, NPY_DESCR, NPY_OBJECTS, NPY_OPTION, NPY_VERSION, NPY_HEADER, NPY_LIMIT
 * @example
 * writeFileSync('ramp.npy', encode({ data: new Float32Array([0, 1, 2]), shape: [3] }));
 */
export function encode(array: ViewLike, options?: EncodeOptions): UnsharedBytes {
  return fileWith(allDTypes, array, options, encodeObjects);
}

/**
 * Encodes an array to the front of `target`.
 *
 * @returns the number of bytes written
 * @throws NpyError NPY_TARGET when `target` is too small or no bytes, and what `encode` throws
 */
export function encodeInto(array: ViewLike, target: Uint8Array, options?: EncodeOptions): number {
  return partsInto(encodeParts(array, options), target);
}

/** The parts to the front of `target`. @throws NpyError NPY_TARGET */
export function partsInto([header, data]: NpyParts, target: Uint8Array): number {
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
  // The data first: it may lie in the target itself, where the header is to go.
  room.set(data, header.length);
  room.set(header);
  return bytes;
}

function checkOrder(fortranOrder: boolean | undefined): boolean | undefined {
  checkOption(fortranOrder, 'fortranOrder', typeof fortranOrder === 'boolean', 'true or false', 'NPY_HEADER');
  return fortranOrder;
}

/** Elements without bytes all lie at the same place, in either order. */
function isFortran({ type, shape, stride }: CheckedView): boolean {
  return type.itemsize > 0 && !isContiguous(shape, stride, false) && isContiguous(shape, stride, true);
}

/** The types name ArrayBuffer, as those of the stores do, so that a Blob takes it; memory shared between threads works as well. */
function body(dtypes: DTypeSet, view: CheckedView, type: DType, fortranOrder: boolean): UnsharedBytes {
  const { itemsize } = type;
  const size = sizeOf(view.shape) * itemsize;
  const plain = !dtypes.isForeign(type) && !dtypes.hasPadding(type);
  const inOrder = isContiguous(view.shape, view.stride, fortranOrder);
  const bytes = bytesOfStore(view.data as BinaryStore) as UnsharedBytes;
  if (size === 0) return new Uint8Array(0);
  const start = view.offset * itemsize;
  // Of the size that the header says, for good: a view without an end of its own would follow memory that is resized.
  const isWhole = start === 0 && size === bytes.length && bytes !== rawOf(view.data as BinaryStore);
  const together = isWhole ? bytes : bytes.subarray(start, start + size);
  if (inOrder && plain) return together;
  const out = inOrder ? copyBytes(together) : allocateBytes(size);
  if (!inOrder) {
    gather({ bytes, itemsize, shape: view.shape, stride: view.stride, offset: view.offset }, out, fortranOrder);
  }
  if (!plain) dtypes.fromNative(out, type);
  return out;
}
