// Bytes to an array, in wire order: the header, the check that the data is all there, the data.
// Aligned data in the machine's byte order is viewed where it lies; everything else is copied once.
import { asBytes } from './bytes.ts';
import { type DTypeName, fixedTypes } from './dtype/dtype.ts';
import { NpyError } from './errors.ts';
import type { NpyHeader } from './header/header.ts';
import { type ReadHeader, readTypedHeader } from './header/read.ts';
import { byteswap } from './layout/byteswap.ts';
import { contiguousStride, sizeOf } from './layout/shape.ts';
import type { Limits } from './limits.ts';
import { NATIVE_ORDER } from './platform.ts';
import { allocateBytes } from './stores/memory.ts';
import { storeOver } from './stores/table.ts';
import type { NpyView } from './view.ts';

/** How to decode. */
export interface DecodeOptions<D extends DTypeName = DTypeName> {
  /** The dtype that the array must have. Narrows the result's type; anything else is refused with NPY_DTYPE. */
  readonly dtype?: D;
  /** `false` (default): a view on the given bytes where they are aligned and native-endian. `true`: always fresh memory. */
  readonly copy?: boolean;
  /** Bounds on what is accepted. */
  readonly limits?: Partial<Limits>;
}

/**
 * Decodes one array as np.load would, to a plain view. Bytes behind its last element are ignored.
 *
 * @param bytes a .npy file or message, from its first byte
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT, NPY_TRUNCATED, NPY_DTYPE, NPY_ARRAY
 * @example
 * const { data, shape } = decode(bytes, { dtype: 'float32' }); // data: Float32Array
 */
export function decode<D extends DTypeName = DTypeName>(
  bytes: Uint8Array | ArrayBuffer,
  options: DecodeOptions<D> = {},
): NpyView<D> {
  const { dtype, copy, limits } = options ?? {};
  const file = asBytes(bytes);
  const header = readTypedHeader(file, limits);
  if (!header) throw truncated('header', file.length);
  checkDType(header, dtype);
  const end = header.dataOffset + header.dataBytes;
  if (file.length < end) throw truncated('data', file.length, end);
  return viewOf(header, file.subarray(header.dataOffset, end), copy ?? false) as NpyView<D>;
}

/** Holds the dtype asked for against the header's. @throws NpyError NPY_DTYPE */
export function checkDType({ dtype, descr }: NpyHeader, expected: DTypeName | undefined): void {
  if (expected === undefined || expected === dtype) return;
  throw new NpyError('NPY_DTYPE', `npy: expected ${expected}, the array is ${dtype} (${descr})`, {
    expected,
    actual: dtype,
  });
}

/** The array whose data is exactly `data`. */
function viewOf({ type, shape, fortranOrder }: ReadHeader, data: Uint8Array, copy: boolean): NpyView {
  const swap = type.byteOrder !== '|' && type.byteOrder !== NATIVE_ORDER;
  const { wordBytes } = fixedTypes[type.name];
  let body = data;
  if (copy || swap || data.byteOffset % wordBytes !== 0) {
    body = allocateBytes(data.length);
    body.set(data);
    if (swap) byteswap(body, wordBytes);
  }
  return {
    dtype: type.name,
    shape: [...shape],
    stride: contiguousStride(shape, fortranOrder),
    offset: 0,
    data: storeOver(type.name, body.buffer, body.byteOffset, sizeOf(shape)),
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
