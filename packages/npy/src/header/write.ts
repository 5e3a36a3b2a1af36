// Writes a header exactly as numpy.lib.format does (NumPy 1.24 and later):
//   {'descr': D, 'fortran_order': B, 'shape': S, } + growth spaces + padding spaces + \n
// Growth: room for the growing axis to reach 21 digits in place. Padding: the data starts at a multiple of 64,
// and a header that is there already gets 64 more. Source: _write_array_header in numpy/lib/format.py.
import { NpyError } from '../errors.ts';
import { encodeUtf8 } from '../platform.ts';
import { MAGIC, type NpyVersion, prefixBytes } from './header.ts';
import { reprBool, reprTuple } from './python-repr.ts';

const ALIGNMENT = 64;
const GROWTH_DIGITS = 21;
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
  const text = headerText(fields);
  const latin1 = isLatin1(text);
  if (version !== undefined) {
    checkVersion(version);
    const bytes = tryVersion(text, latin1, version[0]);
    if (bytes) return bytes;
    throw new NpyError(
      'NPY_HEADER',
      `npy header: version ${version.join('.')} cannot hold this header`,
      {
        version,
        characters: text.length,
      },
      { fault: 'caller' },
    );
  }
  const bytes = tryVersion(text, latin1, 1) ?? tryVersion(text, latin1, 2) ?? tryVersion(text, latin1, 3);
  if (bytes) return bytes;
  throw new NpyError(
    'NPY_HEADER',
    'npy header: too long for any version',
    { characters: text.length },
    { fault: 'caller' },
  );
}

function checkVersion(version: unknown): void {
  const [major, minor, ...more] = Array.isArray(version) ? (version as unknown[]) : [];
  if ((major === 1 || major === 2 || major === 3) && minor === 0 && more.length === 0) return;
  throw new NpyError(
    'NPY_VERSION',
    'npy: the version to write must be [1, 0], [2, 0] or [3, 0]',
    { version },
    { fault: 'caller' },
  );
}

function headerText({ descrText, fortranOrder, shape }: HeaderFields): string {
  const tuple = reprTuple(shape.map(String));
  const text = `{'descr': ${descrText}, 'fortran_order': ${reprBool(fortranOrder)}, 'shape': ${tuple}, }`;
  const growing = fortranOrder ? shape.at(-1) : shape[0];
  return growing === undefined ? text : text + ' '.repeat(GROWTH_DIGITS - String(growing).length);
}

function isLatin1(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0xff) return false;
  return true;
}

function tryVersion(text: string, latin1: boolean, major: 1 | 2 | 3): Uint8Array<ArrayBuffer> | undefined {
  if (!latin1 && major < 3) return undefined;
  const body = major === 3 ? encodeUtf8(text) : undefined;
  const prefix = prefixBytes(major);
  const textBytes = body?.length ?? text.length;
  const padding = ALIGNMENT - ((prefix + textBytes + 1) % ALIGNMENT);
  const length = textBytes + padding + 1;
  if (length > MAX_LENGTH[major]) return undefined;
  const bytes = new Uint8Array(prefix + length);
  bytes.set(MAGIC);
  bytes[6] = major;
  for (let i = 0; i < prefix - 8; i++) bytes[8 + i] = (length >>> (8 * i)) & 0xff;
  if (body) bytes.set(body, prefix);
  else for (let i = 0; i < text.length; i++) bytes[prefix + i] = text.charCodeAt(i);
  bytes.fill(0x20, prefix + textBytes, bytes.length - 1);
  bytes[bytes.length - 1] = 0x0a;
  return bytes;
}
