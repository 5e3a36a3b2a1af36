// Writes a header exactly as numpy.lib.format does (NumPy 1.24 and later):
//   {'descr': D, 'fortran_order': B, 'shape': S, } + growth spaces + padding spaces + \n
// The growth spaces let the growing axis reach 21 digits in place. The padding makes the data start at a multiple of 64; a header that
// already ends there gets 64 spaces more. Source: _write_array_header in numpy/lib/format.py.

import { NpyError } from '../errors.ts';
import { allocateBytes } from '../memory/allocate.ts';
import { latin1 } from '../text/latin1.ts';
import { encodeUtf8 } from '../text/utf8.ts';
import type { UnsharedBytes } from '../types/unshared.ts';
import { MAGIC, type NpyVersion, prefixBytes } from './header.ts';

const OPEN = "{'descr': ";
const CLOSE = '), }';
const SPACE = 0x20;
const NEWLINE = 0x0a;
const ALIGNMENT = 64;
const GROWTH_DIGITS = 21;
const MAJORS = [1, 2, 3] as const;
const MAX_LENGTH = { 1: 0xffff, 2: 0xffffffff, 3: 0xffffffff } as const;

/** The values of the header's dictionary. */
export interface HeaderFields {
  /** The descr as Python text. */
  readonly descrText: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/**
 * Returns a file's header, and behind it `dataBytes` zeros that the data can be written over.
 * @param version the format version; default: the first of 1.0, 2.0, 3.0 that can hold the dictionary
 * @throws NpyError NPY_VERSION for an unknown version, NPY_HEADER if the version cannot hold the dictionary, NPY_LIMIT if the
 *   memory cannot be allocated
 */
export function writeHeader(fields: HeaderFields, version?: NpyVersion, dataBytes = 0): UnsharedBytes {
  const fits = isLatin1(fields.descrText);
  const majors = version === undefined ? MAJORS : [checkVersion(version)];
  for (const major of majors) {
    const bytes = fits || major === 3 ? tryVersion(fields, major, dataBytes) : undefined;
    if (bytes) return bytes;
  }
  throw new NpyError(
    'NPY_HEADER',
    `npy header: version ${majors.at(-1)}.0 cannot hold this header`,
    { version, characters: fields.descrText.length },
    { fault: 'caller' },
  );
}

function checkVersion(version: unknown): 1 | 2 | 3 {
  const [major, minor] = Array.isArray(version) && version.length === 2 ? version : [];
  if ((major === 1 || major === 2 || major === 3) && minor === 0) return major;
  throw new NpyError('NPY_VERSION', 'npy: version must be [1, 0], [2, 0] or [3, 0]', { version }, { fault: 'caller' });
}

/** Returns the header in a version whose encoding can hold the descr; undefined if the header is too long for the version. */
function tryVersion(
  { descrText, fortranOrder, shape }: HeaderFields,
  major: 1 | 2 | 3,
  dataBytes: number,
): UnsharedBytes | undefined {
  const growing = shape[fortranOrder ? shape.length - 1 : 0];
  const growth = growing === undefined ? 0 : GROWTH_DIGITS - String(growing).length;
  const order = fortranOrder ? ", 'fortran_order': True, 'shape': (" : ", 'fortran_order': False, 'shape': (";
  const descr = major === 3 ? latin1(encodeUtf8(descrText)) : descrText;
  // The pieces are written one by one: joining them first takes twice as long.
  const between = shape.length === 1 ? ',' : ', ';
  const separators = shape.length === 1 ? 1 : shape.length - 1;
  let length =
    growth + 1 + OPEN.length + descr.length + order.length + CLOSE.length + Math.max(separators * between.length, 0);
  for (const size of shape) length += String(size).length;
  const prefix = prefixBytes(major);
  length += ALIGNMENT - ((prefix + length) % ALIGNMENT);
  if (length > MAX_LENGTH[major]) return undefined;

  const end = prefix + length;
  const bytes = allocateBytes(end + dataBytes);
  for (let i = 0; i < MAGIC.length; i++) bytes[i] = MAGIC[i] as number;
  bytes[6] = major;
  for (let i = 8; i < prefix; i++) bytes[i] = (length >>> (8 * (i - 8))) & 0xff;
  let at = put(bytes, put(bytes, put(bytes, prefix, OPEN), descr), order);
  for (let axis = 0; axis < shape.length; axis++) {
    at = put(bytes, at, String(shape[axis]));
    if (axis < separators) at = put(bytes, at, between);
  }
  at = put(bytes, at, CLOSE);
  bytes.fill(SPACE, at, end);
  bytes[end - 1] = NEWLINE;
  return bytes;
}

/** Writes `text` and returns the position behind it. */
function put(bytes: Uint8Array, start: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
  return start + text.length;
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}
