// Bytes to an array, in wire order: the header, the check that the data is all there, the data.
// Aligned data in the machine's byte order is viewed where it lies; everything else is copied once.
import { asBytes } from './bytes.ts';
import { showDescr } from './dtype/descr.ts';
import {
  checkDTypeName,
  type DType,
  type DTypeName,
  dtypeNamed,
  isFixedName,
  isForeign,
  nativeType,
} from './dtype/dtype.ts';
import { NpyError } from './errors.ts';
import type { NpyHeader } from './header/header.ts';
import { type ReadHeader, readTypedHeader } from './header/read.ts';
import { swapForeign } from './layout/byteswap.ts';
import { contiguousStride, sizeOf } from './layout/shape.ts';
import type { Limits } from './limits.ts';
import type { ObjectCodec } from './object-codec.ts';
import { decodeObjects } from './objects.ts';
import { allocateBytes } from './stores/memory.ts';
import { alignmentOf, storeOver } from './stores/table.ts';
import type { NpyView } from './view.ts';

/** How to decode. */
export interface DecodeOptions<D extends DTypeName = DTypeName> {
  /**
   * The dtype that the array must have. Narrows the result's type; anything else is refused with NPY_DTYPE. The short
   * floats of ml_dtypes (`bfloat16`, `float8_…`), of which a file says only their size, are read as such when asked for.
   */
  readonly dtype?: D;
  /** `false` (default): a view on the given bytes where they are aligned and native-endian. `true`: always fresh memory. */
  readonly copy?: boolean;
  /** Reads object arrays, which are pickles: `pickle` of @bridge/npy/pickle. Without it they are refused. */
  readonly objects?: ObjectCodec;
  /** Bounds on what is accepted. */
  readonly limits?: Partial<Limits>;
}

/**
 * Decodes one array as np.load would, to a plain view. Bytes behind its last element are ignored.
 *
 * @param bytes a .npy file or message, from its first byte
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT, NPY_TRUNCATED, NPY_DTYPE,
 *   NPY_OBJECTS, NPY_ARRAY; what the codec for objects throws
 * @example
 * const { data, shape } = decode(bytes, { dtype: 'float32' }); // data: Float32Array
 */
export function decode<D extends DTypeName = DTypeName>(
  bytes: Uint8Array | ArrayBuffer,
  options: DecodeOptions<D> = {},
): NpyView<D> {
  const { dtype, copy, limits, objects } = options ?? {};
  const file = asBytes(bytes);
  if (dtype !== undefined && dtype !== null) checkDTypeName(dtype);
  const header = readTypedHeader(file, limits, dtype);
  if (!header) throw truncated('header', file.length);
  const type = checkDType(header, dtype);
  if (type.name === 'object') {
    return decodeObjects(header.descr, file.subarray(header.dataOffset), objects, limits) as NpyView<D>;
  }
  const end = header.dataOffset + header.dataBytes;
  if (file.length < end) throw truncated('data', file.length, end);
  return viewOf(header, type, file.subarray(header.dataOffset, end), copy ?? false) as NpyView<D>;
}

/**
 * Holds the dtype asked for against the header's.
 * @returns the dtype to read as: a short float where that is what somebody knows the raw bytes to be
 * @throws NpyError NPY_DTYPE
 */
export function checkDType({ dtype, descr, type }: ReadHeader, expected: DTypeName | undefined): DType {
  if (expected === undefined || expected === null || expected === dtype) return type;
  if (dtype === 'void' && isFixedName(expected)) {
    const short = dtypeNamed(expected);
    if (short.kind === 'V' && short.itemsize === type.itemsize) return short;
  }
  throw new NpyError('NPY_DTYPE', `npy: expected ${expected}, the array is ${dtype} (${showDescr(descr)})`, {
    expected,
    actual: dtype,
    descr,
  });
}

/** The array whose data is exactly `data`. */
function viewOf({ shape, fortranOrder }: NpyHeader, type: DType, data: Uint8Array, copy: boolean): NpyView {
  const swap = isForeign(type);
  let body = data;
  if (copy || swap || data.byteOffset % alignmentOf(type) !== 0) {
    body = allocateBytes(data.length);
    body.set(data);
    if (swap) swapForeign(body, type);
  }
  return {
    dtype: type.name,
    shape: [...shape],
    stride: contiguousStride(shape, fortranOrder),
    offset: 0,
    data: storeOver(nativeType(type), body.buffer, body.byteOffset, sizeOf(shape)),
  };
}

/** The bytes ended inside the header or the data. */
export function truncated(part: 'header' | 'data', received: number, expected?: number): NpyError {
  const needed = expected === undefined ? 'more' : String(expected);
  return new NpyError('NPY_TRUNCATED', `npy: the bytes end inside the ${part}: ${received} of ${needed} bytes`, {
    part,
    received,
    expected,
  });
}
