// Writes a header exactly as numpy.lib.format does (NumPy 1.24 and later):
//   {'descr': D, 'fortran_order': B, 'shape': S, } + growth spaces + padding spaces + \n
// Growth: room for the growing axis to reach 21 digits in place. Padding: the data starts at a multiple of 64,
// and a header that is there already gets 64 more. Source: _write_array_header in numpy/lib/format.py.
import { NpyError } from '../errors.ts';
import { encodeUtf8 } from '../platform.ts';
import { MAGIC, type NpyVersion, prefixBytes } from './header.ts';
import { BETWEEN, C, CLOSE, FORTRAN, NEWLINE, OPEN, SINGLE, SPACE, ZERO } from './spelling.ts';

const ALIGNMENT = 64;
const GROWTH_DIGITS = 21;
const MAJORS = [1, 2, 3] as const;
const MAX_LENGTH = { 1: 0xffff, 2: 0xffffffff, 3: 0xffffffff } as const;

/** What the header says. */
export interface HeaderFields {
  /** The descr as Python text. */
  readonly descrText: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
}

/**
 * The bytes in front of the data.
 * @param version default: the first of 1.0, 2.0, 3.0 that can hold the text
 * @throws NpyError NPY_VERSION for a version that is none, NPY_HEADER when the given version cannot hold the text
 */
export function writeHeader(fields: HeaderFields, version?: NpyVersion): Uint8Array<ArrayBuffer> {
  const latin1 = isLatin1(fields.descrText);
  for (const major of version === undefined ? MAJORS : [checkVersion(version)]) {
    const bytes = latin1 || major === 3 ? tryVersion(fields, major) : undefined;
    if (bytes) return bytes;
  }
  throw new NpyError(
    'NPY_HEADER',
    version
      ? `npy header: version ${version.join('.')} cannot hold this header`
      : 'npy header: too long for any version',
    { version, characters: fields.descrText.length },
    { fault: 'caller' },
  );
}

function checkVersion(version: unknown): 1 | 2 | 3 {
  const [major, minor, ...more] = Array.isArray(version) ? (version as unknown[]) : [];
  if ((major === 1 || major === 2 || major === 3) && minor === 0 && more.length === 0) return major;
  throw new NpyError(
    'NPY_VERSION',
    'npy: the version to write must be [1, 0], [2, 0] or [3, 0]',
    { version },
    { fault: 'caller' },
  );
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

/** The header in that version, whose characters hold the text; undefined when its length is too much for it. */
function tryVersion(
  { descrText, fortranOrder, shape }: HeaderFields,
  major: 1 | 2 | 3,
): Uint8Array<ArrayBuffer> | undefined {
  const utf8 = major === 3 ? encodeUtf8(descrText) : undefined;
  const order = fortranOrder ? FORTRAN : C;
  const growing = shape[fortranOrder ? shape.length - 1 : 0];
  const growth = growing === undefined ? 0 : GROWTH_DIGITS - digitsOf(growing);
  const textBytes = OPEN.length + (utf8 ?? descrText).length + order.length + sizesBytes(shape) + CLOSE.length + growth;
  const prefix = prefixBytes(major);
  const padding = ALIGNMENT - ((prefix + textBytes + 1) % ALIGNMENT);
  const length = textBytes + padding + 1;
  if (length > MAX_LENGTH[major]) return undefined;

  const bytes = new Uint8Array(prefix + length);
  put(bytes, 0, MAGIC);
  bytes[6] = major;
  for (let at = 8; at < prefix; at++) bytes[at] = (length >>> (8 * (at - 8))) & 0xff;
  let at = put(bytes, prefix, OPEN);
  at = utf8 ? put(bytes, at, utf8) : putLatin1(bytes, at, descrText);
  at = put(bytes, at, order);
  at = putSizes(bytes, at, shape);
  at = put(bytes, at, CLOSE);
  bytes.fill(SPACE, at, bytes.length - 1);
  bytes[bytes.length - 1] = NEWLINE;
  return bytes;
}

/** Writes `part` and answers where it ends. A loop, because the parts are so short. */
function put(bytes: Uint8Array, start: number, part: Uint8Array): number {
  for (let i = 0; i < part.length; i++) bytes[start + i] = part[i] as number;
  return start + part.length;
}

function putLatin1(bytes: Uint8Array, start: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[start + i] = text.charCodeAt(i);
  return start + text.length;
}

function sizesBytes(shape: readonly number[]): number {
  let bytes = shape.length === 1 ? SINGLE.length : Math.max(shape.length - 1, 0) * BETWEEN.length;
  for (const size of shape) bytes += digitsOf(size);
  return bytes;
}

function putSizes(bytes: Uint8Array, start: number, shape: readonly number[]): number {
  let at = start;
  for (let axis = 0; axis < shape.length; axis++) {
    if (axis > 0) at = put(bytes, at, BETWEEN);
    const end = at + digitsOf(shape[axis] as number);
    let left = shape[axis] as number;
    for (let digit = end - 1; digit >= at; digit--) {
      bytes[digit] = ZERO + (left % 10);
      left = Math.floor(left / 10);
    }
    at = end;
  }
  return shape.length === 1 ? put(bytes, at, SINGLE) : at;
}

/** Decimal digits of a whole number. */
function digitsOf(size: number): number {
  let digits = 1;
  for (let power = 10; power <= size; power *= 10) digits++;
  return digits;
}
