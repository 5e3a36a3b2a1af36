// The functions of @bridge/npy/numeric, which read and write numbers alone. They have the names of the core's functions for every dtype.

import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import type { Limits } from '../arguments/limits.ts';
import type { NpyView, ViewLike } from '../array/npy-view.ts';
import { numericDTypes } from '../dtype-set/numeric-dtypes.ts';
import type { NpyHeader } from '../header/header.ts';
import { publicHeader, readTypedHeader } from '../header/read.ts';
import type { NumberName } from '../stores/number-stores.ts';
import type { UnsharedBytes } from '../types/unshared.ts';
import { checkDecodeOptions, checkDType, type DecodeOptions, decodeBody } from './decode.ts';
import { copyParts, type EncodeOptions, encodePartsWith, encodeWith, type NpyParts } from './encode.ts';

/** Reads a header, as the core's `readHeader` does. @throws what that throws; NpyError NPY_DESCR for a dtype that is not a number */
export function readHeader(bytes: BytesLike, limits?: Partial<Limits>): NpyHeader | undefined {
  return publicHeader(readTypedHeader(asBytes(bytes), limits, numericDTypes));
}

const OPTIONS = ['dtype', 'copy', 'limits'];

/** Decodes an array, as the core's `decode` does. @throws what that throws; NpyError NPY_DESCR for a dtype that is not a number */
export function decode<D extends NumberName = NumberName>(
  bytes: BytesLike,
  options?: Omit<DecodeOptions<D>, 'objects'>,
): NpyView<D> {
  const file = asBytes(bytes);
  const { dtype, limits } = checkDecodeOptions(options, OPTIONS) ?? {};
  const header = readTypedHeader(file, limits, numericDTypes);
  const expected = dtype === undefined || dtype === null ? undefined : numericDTypes.named(dtype).name;
  return decodeBody(numericDTypes, header && checkDType(header, expected), file, options);
}

/**
 * Encodes an array of numbers, as the core's `encodeParts` does.
 * @throws what that throws; NpyError NPY_ARRAY if `array.data` is not numbers; NPY_DTYPE if `options.dtype` is not the array's dtype
 */
export function encodeParts(array: ViewLike, options?: Omit<EncodeOptions, 'objects'>): NpyParts {
  return encodePartsWith(numericDTypes, array, options);
}

/**
 * Encodes an array of numbers, as the core's `encode` does.
 * @throws what that throws; NpyError NPY_ARRAY if `array.data` is not numbers; NPY_DTYPE if `options.dtype` is not the array's dtype
 */
export function encode(array: ViewLike, options?: Omit<EncodeOptions, 'objects'>): UnsharedBytes {
  return encodeWith(numericDTypes, array, options);
}

/**
 * Encodes an array of numbers, as the core's `encodeInto` does.
 * @throws what that throws; NpyError NPY_ARRAY if `array.data` is not numbers; NPY_DTYPE if `options.dtype` is not the array's dtype
 */
export function encodeInto(array: ViewLike, target: Uint8Array, options?: Omit<EncodeOptions, 'objects'>): number {
  return copyParts(encodeParts(array, options), target);
}
