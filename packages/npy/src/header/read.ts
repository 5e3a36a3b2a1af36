// Reads a header, from its first byte to the first byte of data, without touching the data.
// Three outcomes: a header, "more bytes needed" (undefined), an NpyError. Source: numpy.lib.format.
import { allDTypes } from '../all-dtypes.ts';
import { asBytes } from '../bytes.ts';
import type { DType } from '../dtype/dtype.ts';
import type { DTypeSet } from '../dtype-set.ts';
import { NpyError } from '../errors.ts';
import { checkShape } from '../layout/shape.ts';
import { type Limits, resolveLimits } from '../limits.ts';
import { decodeUtf8 } from '../platform.ts';
import { MAGIC, type NpyHeader, prefixBytes } from './header.ts';
import { type PyLiteral, parsePythonLiteral } from './python-literal.ts';

/** A header together with the dtype that its descr was parsed to. */
export interface ReadHeader extends NpyHeader {
  readonly type: DType;
}

/**
 * Reads the header of a .npy file or message.
 *
 * @param bytes the file from its start; the data need not be there
 * @returns the header, or `undefined` while more bytes are needed to know it
 * @throws NpyError NPY_NOT_NPY, NPY_VERSION, NPY_HEADER, NPY_DESCR, NPY_SHAPE, NPY_LIMIT, NPY_ARRAY
 * @example
 * const header = readHeader(bytes); // { dtype: 'float32', descr: '<f4', shape: [2, 3], … }
 */
export function readHeader(bytes: Uint8Array | ArrayBuffer, limits?: Partial<Limits>): NpyHeader | undefined {
  return untyped(readTypedHeader(asBytes(bytes), limits, allDTypes));
}

/** Without the parsed dtype, which is for this package's own readers. */
export function untyped(header: ReadHeader | undefined): NpyHeader | undefined {
  if (header === undefined) return undefined;
  const { type: _, ...fields } = header;
  return fields;
}

/**
 * `readHeader` for this package's own readers, which need the parsed dtype as well.
 * @param dtypes those to read
 */
export function readTypedHeader(
  bytes: Uint8Array,
  limits: Partial<Limits> | undefined,
  { parse, descrOf }: Pick<DTypeSet, 'parse' | 'descrOf'>,
): ReadHeader | undefined {
  const bounds = resolveLimits(limits);
  checkMagic(bytes);
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
  const text = headerText(bytes.subarray(prefix, dataOffset), major);
  if (major === 3 && codePoints(text) > bounds.maxHeaderCharacters) throw tooLong(codePoints(text), bounds);

  const { descr: written, fortranOrder, shape } = fields(parsePythonLiteral(text, major < 3));
  const type = parse(written);
  const elements = checkShape(shape, type.itemsize, bounds);
  const dataBytes = type.name === 'object' ? Number.POSITIVE_INFINITY : elements * type.itemsize;
  return {
    dtype: type.name,
    descr: descrOf(type),
    shape,
    fortranOrder,
    version: [major, 0],
    dataOffset,
    dataBytes,
    type,
  };
}

function checkMagic(bytes: Uint8Array): void {
  for (let i = 0; i < Math.min(bytes.length, MAGIC.length); i++) {
    if (bytes[i] !== MAGIC[i]) {
      const found = Array.from(bytes.subarray(0, MAGIC.length), (b) => b.toString(16).padStart(2, '0')).join(' ');
      throw new NpyError('NPY_NOT_NPY', `npy: expected the magic 93 4e 55 4d 50 59, found ${found}`, { found });
    }
  }
}

function littleEndian(bytes: Uint8Array, start: number, end: number): number {
  let value = 0;
  for (let i = end - 1; i >= start; i--) value = value * 256 + (bytes[i] ?? 0);
  return value;
}

function tooLong(characters: number, limits: Limits): NpyError {
  return new NpyError(
    'NPY_LIMIT',
    `npy header: ${characters} characters are more than the limit of ${limits.maxHeaderCharacters}`,
    { characters, maxHeaderCharacters: limits.maxHeaderCharacters },
  );
}

function headerText(bytes: Uint8Array, major: number): string {
  if (major === 3) {
    try {
      return decodeUtf8(bytes);
    } catch (cause) {
      throw new NpyError('NPY_HEADER', 'npy header: version 3.0 asks for UTF-8', {}, { cause });
    }
  }
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

function codePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function fields(literal: PyLiteral): { descr: PyLiteral; fortranOrder: boolean; shape: number[] } {
  if (literal === null || typeof literal !== 'object' || literal.kind !== 'dict') {
    throw new NpyError('NPY_HEADER', 'npy header: expected a dictionary');
  }
  const keys = [...literal.entries.keys()];
  const descr = literal.entries.get('descr');
  const order = literal.entries.get('fortran_order');
  const shape = literal.entries.get('shape');
  if (keys.length !== 3 || descr === undefined || order === undefined || shape === undefined) {
    throw new NpyError('NPY_HEADER', "npy header: expected the keys 'descr', 'fortran_order' and 'shape', no other", {
      keys: keys.map((key) => (typeof key === 'string' ? key : typeof key)),
    });
  }
  if (typeof order !== 'boolean') throw new NpyError('NPY_HEADER', 'npy header: fortran_order must be True or False');
  if (shape === null || typeof shape !== 'object' || shape.kind !== 'tuple') {
    throw new NpyError('NPY_HEADER', 'npy header: shape must be a tuple');
  }
  return { descr, fortranOrder: order, shape: shape.items.map(dimension) };
}

function dimension(value: PyLiteral): number {
  if (typeof value !== 'bigint') throw new NpyError('NPY_HEADER', 'npy header: a dimension must be an integer');
  const size = Number(value);
  if (Object.is(size, -0)) return 0;
  if (!Number.isSafeInteger(size) || size < 0) {
    const shown = String(size) === String(value) ? size : `${size} or so`;
    throw new NpyError('NPY_SHAPE', `npy: a dimension of ${shown} is not between 0 and 2^53 - 1`, { dimension: value });
  }
  return size;
}
