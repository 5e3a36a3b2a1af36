// The header of a file without its data.
import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import type { Limits } from '../arguments/limits.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import type { NpyHeader } from '../header/header.ts';
import { publicHeader, readTypedHeader } from '../header/read.ts';

/**
 * Reads the header of a .npy file or message.
 *
 * @param bytes the file from its start; the data may be missing
 * @returns the header; `undefined` if more bytes are needed
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT, NPY_OPTION; NPY_ARRAY if `bytes` is not bytes
 * @example
 * const header = readHeader(bytes); // { dtype: 'float32', descr: '<f4', shape: [2, 3], … }
 */
export function readHeader(bytes: BytesLike, limits?: Partial<Limits>): NpyHeader | undefined {
  return publicHeader(readTypedHeader(asBytes(bytes), limits, allDTypes));
}
