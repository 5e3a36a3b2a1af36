// Reading and writing of numbers alone: the verbs of @bridge/npy/numeric, named as those for every dtype.

import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import type { Limits } from '../arguments/limits.ts';
import type { NpyView, ViewLike } from '../array/npy-view.ts';
import { numericDTypes } from '../dtype-set/numeric-dtypes.ts';
import type { NpyHeader } from '../header/header.ts';
import { publicHeader, readTypedHeader } from '../header/read.ts';
import type { UnsharedBytes } from '../memory/unshared.ts';
import type { NumberName } from '../stores/native-numbers.ts';
import { checkDecodeOptions, checkDType, type DecodeOptions, decodeRead } from './decode.ts';
import { type EncodeOptions, fileWith, type NpyParts, partsInto, partsWith } from './encode.ts';

/** `readHeader`, of numbers. @throws NpyError what that throws, NPY_DESCR for every other dtype */
export function readHeader(bytes: BytesLike, limits?: Partial<Limits>): NpyHeader | undefined {
  return publicHeader(readTypedHeader(asBytes(bytes), limits, numericDTypes));
}

const OPTIONS = ['dtype', 'copy', 'limits'];

/** `decode`, of numbers. @throws NpyError what that throws, NPY_DESCR for every other dtype */
export function decode<D extends NumberName = NumberName>(
  bytes: BytesLike,
  options?: Omit<DecodeOptions<D>, 'objects'>,
): NpyView<D> {
  const file = asBytes(bytes);
  const { dtype, limits } = checkDecodeOptions(options, OPTIONS) ?? {};
  const header = readTypedHeader(file, limits, numericDTypes);
  const wanted = dtype === undefined || dtype === null ? undefined : numericDTypes.named(dtype).name;
  return decodeRead(numericDTypes, header && checkDType(header, wanted), file, options);
}

/** `encodeParts`, of numbers. @throws NpyError what that throws, NPY_ARRAY for every other store, NPY_DTYPE for another dtype than the array's */
export function encodeParts(array: ViewLike, options?: Omit<EncodeOptions, 'objects'>): NpyParts {
  return partsWith(numericDTypes, array, options);
}

/** `encode`, of numbers. @throws NpyError what that throws, NPY_ARRAY for every other store, NPY_DTYPE for another dtype than the array's */
export function encode(array: ViewLike, options?: Omit<EncodeOptions, 'objects'>): UnsharedBytes {
  return fileWith(numericDTypes, array, options);
}

/** `encodeInto`, of numbers. @throws NpyError what that throws, NPY_ARRAY for every other store, NPY_DTYPE for another dtype than the array's */
export function encodeInto(array: ViewLike, target: Uint8Array, options?: Omit<EncodeOptions, 'objects'>): number {
  return partsInto(encodeParts(array, options), target);
}
