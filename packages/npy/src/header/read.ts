// Reads a header, from its first byte to the first byte of data, without touching the data.
// Three outcomes: a header, "more bytes needed" (undefined), an NpyError. Source: numpy.lib.format.

import { asBytes, type BytesLike } from '../arguments/bytes-like.ts';
import { type Limits, resolveLimits } from '../arguments/limits.ts';
import { writtenNumber } from '../dtype/canonical.ts';
import type { DType } from '../dtype/dtype.ts';
import { allDTypes } from '../dtype-set/all-dtypes.ts';
import type { DTypeSet } from '../dtype-set/dtype-set.ts';
import { NpyError } from '../errors.ts';
import { checkShape } from '../layout/shape.ts';
import { readDictionary, tooLong } from './dictionary.ts';
import { MAGIC, type NpyHeader, prefixBytes } from './header.ts';

/** A header together with the dtype that its descr was parsed to. */
export interface ReadHeader extends NpyHeader {
  readonly type: DType;
}

/**
 * Reads the header of a .npy file or message.
 *
 * @param bytes the file from its start; the data need not be there
 * @returns the header, or `undefined` while more bytes are needed to know it
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT, NPY_ARRAY for what is no bytes
 * @example
 * const header = readHeader(bytes); // { dtype: 'float32', descr: '<f4', shape: [2, 3], … }
 */
export function readHeader(bytes: BytesLike, limits?: Partial<Limits>): NpyHeader | undefined {
  return untyped(readTypedHeader(asBytes(bytes), limits, allDTypes));
}

/** Without the parsed dtype, which is for this package's own readers. */
export function untyped(header: ReadHeader | undefined): NpyHeader | undefined {
  if (header === undefined) return undefined;
  const { dtype, descr, shape, fortranOrder, version, dataOffset, dataBytes } = header;
  return { dtype, descr, shape, fortranOrder, version, dataOffset, dataBytes };
}

/**
 * `readHeader` for this package's own readers, which need the parsed dtype as well.
 * @param dtypes those to read
 */
export function readTypedHeader(
  bytes: Uint8Array,
  limits: Partial<Limits> | undefined,
  { parse, descrOf, quick, tell }: Pick<DTypeSet, 'parse' | 'descrOf' | 'quick' | 'tell'>,
): ReadHeader | undefined {
  const bounds = resolveLimits(limits);
  checkMagic(bytes, tell);
  const major = bytes[6];
  const minor = bytes[7];
  if (major === undefined) return undefined;
  if ((major !== 1 && major !== 2 && major !== 3) || (minor !== undefined && minor !== 0)) {
    throw new NpyError('NPY_VERSION', `npy: version ${major}.${minor ?? '?'} is not 1.0, 2.0 or 3.0`, { major, minor });
  }
  const prefix = prefixBytes(major);
  if (bytes.length < prefix) return undefined;
  const length = littleEndian(bytes, 8, prefix);
  // A character is at most four bytes of UTF-8 and exactly one of latin-1: too long is known before the text is.
  if (length > bounds.maxHeaderCharacters * (major === 3 ? 4 : 1)) throw tooLong(length, bounds);
  const dataOffset = prefix + length;
  if (bytes.length < dataOffset) return undefined;
  // In NumPy's own spelling every character is a byte.
  const quickly = length <= bounds.maxHeaderCharacters ? quick?.(bytes, prefix, dataOffset) : undefined;
  const entries = quickly ?? readDictionary(bytes.subarray(prefix, dataOffset), major, bounds);
  const { fortranOrder, shape, descr } = entries;
  const type = parse(descr);
  const elements = checkShape(shape, type, bounds);
  const dataBytes = type.name === 'object' ? Number.POSITIVE_INFINITY : elements * type.itemsize;
  return {
    dtype: type.name,
    descr: typeof descr === 'string' && writtenNumber(descr) === type ? descr : descrOf(type),
    shape,
    fortranOrder,
    version: [major, 0],
    dataOffset,
    dataBytes,
    type,
  };
}

function checkMagic(bytes: Uint8Array, tell: DTypeSet['tell']): void {
  for (let i = 0; i < MAGIC.length && i < bytes.length; i++) if (bytes[i] !== MAGIC[i]) throw notNpy(bytes, tell);
}

function notNpy(bytes: Uint8Array, tell: DTypeSet['tell']): NpyError {
  const found = Array.from(bytes.subarray(0, MAGIC.length), (b) => b.toString(16).padStart(2, '0')).join(' ');
  // Of a few bytes nobody can tell.
  const what = bytes.length > MAGIC.length ? tell?.(bytes) : '';
  const message = `npy: expected the magic 93 4e 55 4d 50 59, found ${found}${what ? `: ${what}` : ''}`;
  return new NpyError('NPY_NOT_NPY', message, { found });
}

function littleEndian(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = end - 1; i >= start; i--) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
