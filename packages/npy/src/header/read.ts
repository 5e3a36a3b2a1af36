// Reads a header, from its first byte to the first byte of data, without touching the data.
// Three outcomes: a header, undefined ("more bytes needed"), an NpyError. Source: numpy.lib.format.

import { type Limits, resolveLimits } from '../arguments/limits.ts';
import { canonicalNumber } from '../dtype/canonical.ts';
import type { Descr } from '../dtype/descr.ts';
import type { DType } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { checkShape } from '../layout/shape.ts';
import type { PythonLiteral } from '../python/literal.ts';
import { type HeaderEntries, readDictionary, tooLong } from './dictionary.ts';
import { MAGIC, type NpyHeader, prefixBytes } from './header.ts';

/** A header together with its parsed dtype. */
export interface TypedHeader extends NpyHeader {
  readonly type: DType;
}

/** Returns the public header: without the parsed dtype. */
export function publicHeader(header: TypedHeader | undefined): NpyHeader | undefined {
  if (header === undefined) return undefined;
  const { dtype, descr, shape, fortranOrder, version, dataOffset, dataBytes } = header;
  return { dtype, descr, shape, fortranOrder, version, dataOffset, dataBytes };
}

/** The functions of a set of dtypes that are needed to read a header. */
export interface HeaderDTypes {
  /** Parses a header's descr. @throws NpyError NPY_DESCR */
  parse(descr: PythonLiteral): DType;
  /** Returns the descr that NumPy writes for a dtype. */
  descrOf(type: DType): Descr;
  /** Reads a dictionary in NumPy's own spelling, which is quicker than parsing it. Returns undefined for any other spelling. */
  readonly readPlain?: (bytes: Uint8Array, start: number, end: number) => HeaderEntries<string> | undefined;
  /** Describes bytes that do not start as a .npy file does. Left out of @bridge/npy/numeric, which has to be small. */
  readonly kindOfBytes?: (bytes: Uint8Array) => string;
}

/**
 * Reads a header. Returns undefined if more bytes are needed.
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT
 */
export function readTypedHeader(
  bytes: Uint8Array,
  limits: Partial<Limits> | undefined,
  { parse, descrOf, readPlain, kindOfBytes }: HeaderDTypes,
): TypedHeader | undefined {
  const bounds = resolveLimits(limits);
  checkMagic(bytes, kindOfBytes);
  const major = bytes[6];
  const minor = bytes[7];
  if (major === undefined) return undefined;
  if ((major !== 1 && major !== 2 && major !== 3) || (minor !== undefined && minor !== 0)) {
    throw new NpyError('NPY_VERSION', `npy: version ${major}.${minor ?? '?'} is not 1.0, 2.0 or 3.0`, { major, minor });
  }
  const prefix = prefixBytes(major);
  if (bytes.length < prefix) return undefined;
  const length = littleEndian(bytes, 8, prefix);
  // A character takes one byte of latin-1 and at most four of UTF-8, so a text that is too long is known before it is read.
  if (length > bounds.maxHeaderCharacters * (major === 3 ? 4 : 1)) throw tooLong(length, bounds);
  const dataOffset = prefix + length;
  if (bytes.length < dataOffset) return undefined;
  // In NumPy's own spelling every character is one byte.
  const plain = length <= bounds.maxHeaderCharacters ? readPlain?.(bytes, prefix, dataOffset) : undefined;
  const entries = plain ?? readDictionary(bytes.subarray(prefix, dataOffset), major, bounds);
  const { fortranOrder, shape, descr } = entries;
  const type = parse(descr);
  const elements = checkShape(shape, type, bounds);
  const dataBytes = type.name === 'object' ? Number.POSITIVE_INFINITY : elements * type.itemsize;
  return {
    dtype: type.name,
    descr: typeof descr === 'string' && canonicalNumber(descr) === type ? descr : descrOf(type),
    shape,
    fortranOrder,
    version: [major, 0],
    dataOffset,
    dataBytes,
    type,
  };
}

function checkMagic(bytes: Uint8Array, kindOfBytes: HeaderDTypes['kindOfBytes']): void {
  for (let i = 0; i < MAGIC.length && i < bytes.length; i++)
    if (bytes[i] !== MAGIC[i]) throw notNpy(bytes, kindOfBytes);
}

function notNpy(bytes: Uint8Array, kindOfBytes: HeaderDTypes['kindOfBytes']): NpyError {
  const found = Array.from(bytes.subarray(0, MAGIC.length), (b) => b.toString(16).padStart(2, '0')).join(' ');
  // The bytes of the magic string alone do not show a format.
  const what = bytes.length > MAGIC.length ? kindOfBytes?.(bytes) : '';
  const message = `npy: expected the magic 93 4e 55 4d 50 59, found ${found}${what ? `: ${what}` : ''}`;
  return new NpyError('NPY_NOT_NPY', message, { found });
}

function littleEndian(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = end - 1; i >= start; i--) value = value * 256 + (bytes[i] ?? 0);
  return value;
}
