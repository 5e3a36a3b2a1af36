// Reads and writes files of one array. `load` reads the header first, and then allocates the memory that the array needs. `save` does not
// join header and data.
import { type FileHandle, open } from 'node:fs/promises';
import type { DTypeName } from '../dtype/dtype.ts';
import { isNpyError, NpyError } from '../errors.ts';
import { checkDecodeOptions, type DecodeOptions, readAnyHeader, truncated } from '../format/decode.ts';
import type { EncodeOptions } from '../format/encode.ts';
import { allocateBytes } from '../memory/allocate.ts';
import { type ArrayInput, decode, encodeParts } from '../ndarray/ndarray.ts';
import type { NdArrayOf } from '../ndarray/ndarray-types.ts';
import { nameOf, quoted } from '../text/quoted.ts';

/**
 * Reads a .npy file of any size, as np.load does. Limits are checked against the header before the data is read.
 * @throws what `decode` throws, with the file's name; NpyError NPY_OPTION if `path` is not a path; the file system's own errors
 */
export async function load<D extends DTypeName = DTypeName>(
  path: string | URL,
  options: DecodeOptions<D> = {},
): Promise<NdArrayOf<D>> {
  checkPath(path);
  checkDecodeOptions(options);
  try {
    await using file = await open(path);
    return decode(await readArray(file, options), options);
  } catch (error) {
    throw withName(error, path);
  }
}

/**
 * Writes a .npy file with the bytes that np.save writes. Unlike np.save it adds no suffix to the path.
 * @throws what `encode` throws, before the file is opened; NpyError NPY_ARRAY if the array's memory is transferred away before it is written;
 *   NpyError NPY_OPTION if `path` is not a path; the file system's own errors
 */
export async function save(path: string | URL, array: ArrayInput, options: EncodeOptions = {}): Promise<void> {
  checkPath(path);
  const parts = encodeParts(array, options);
  try {
    const bytes = parts.reduce((sum, part) => sum + part.length, 0);
    await using file = await open(path, 'w');
    const written = await writeAll(file, parts);
    if (written !== bytes) {
      const message = `npy: the array's memory was transferred away while it was written, after ${written} of ${bytes} bytes`;
      throw new NpyError('NPY_ARRAY', message, { expected: bytes, actual: written });
    }
  } catch (error) {
    throw withName(error, path);
  }
}

/** Checks a path. Bytes are refused, although Node's `open` accepts them as a file name. @throws NpyError NPY_OPTION */
function checkPath(path: unknown): void {
  if (typeof path === 'string' || path instanceof URL) return;
  const hint = ArrayBuffer.isView(path) ? ': for bytes use decode' : '';
  throw new NpyError('NPY_OPTION', `npy: the path must be a string or a URL, not ${nameOf(path)}${hint}`, {
    name: 'path',
    value: path,
  });
}

/** The most bytes of the first read: more than an ordinary header has, and the whole of a small file. */
const HEAD_BYTES = 65_536;

/** Reads the bytes of the array in a file, and from a small file also the bytes behind the array. */
async function readArray(file: FileHandle, options: DecodeOptions): Promise<Uint8Array> {
  const { size } = await file.stat();
  // Pipes and devices report a size of 0.
  if (size === 0) return readToEnd(file, options);
  const head = await readInto(file, allocateBytes(Math.min(size, HEAD_BYTES)));
  if (head.length < HEAD_BYTES || size === HEAD_BYTES) return head;
  const header = readAnyHeader(head, options);
  const end = header ? header.dataOffset + header.dataBytes : size;
  if (end > size && end !== Number.POSITIVE_INFINITY) throw truncated('data', size, end);
  const bytes = allocateBytes(Math.max(Math.min(end, size), head.length));
  bytes.set(head);
  return readInto(file, bytes, head.length);
}

/** Reads to the end of the array, or of the file if the array's end is not known, into memory that grows as bytes arrive. */
async function readToEnd(file: FileHandle, options: DecodeOptions): Promise<Uint8Array> {
  let bytes = allocateBytes(HEAD_BYTES);
  let end = Number.POSITIVE_INFINITY;
  for (let filled = 0; ; ) {
    const { bytesRead } = await file.read(bytes, filled, Math.min(bytes.length - filled, MAX_CALL_BYTES));
    filled += bytesRead;
    if (bytesRead === 0 || filled >= end) return bytes.subarray(0, filled);
    const header = end === Number.POSITIVE_INFINITY ? readAnyHeader(bytes.subarray(0, filled), options) : undefined;
    if (header) end = header.dataOffset + header.dataBytes;
    if (filled < bytes.length) continue;
    const larger = allocateBytes(2 * filled);
    larger.set(bytes);
    bytes = larger;
  }
}

/** The most bytes that one call reads or writes. Node reports a negative count for writes of 2 GiB and more. */
const MAX_CALL_BYTES = 2 ** 30;

/**
 * Writes consecutive parts. One call of Node may write only some of the bytes, so that calls follow until none are left.
 * @returns the number of bytes that were written
 */
export async function writeAll(
  file: Pick<FileHandle, 'writev'>,
  parts: readonly Uint8Array[],
  callBytes: number = MAX_CALL_BYTES,
): Promise<number> {
  let written = 0;
  for (let left = dropBytes(0, parts); left.length > 0; ) {
    const { bytesWritten } = await file.writev(takeBytes(callBytes, left));
    written += bytesWritten;
    left = dropBytes(bytesWritten, left);
  }
  return written;
}

/** Returns the first `count` bytes of `parts`. */
function takeBytes(count: number, parts: readonly Uint8Array[]): Uint8Array[] {
  let room = count;
  return parts.flatMap((part) => {
    const taken = Math.min(room, part.length);
    room -= taken;
    return taken > 0 ? [part.subarray(0, taken)] : [];
  });
}

/**
 * Fills memory with the next bytes of a file.
 * @param filled the number of bytes that the memory already holds
 * @returns the filled part, which is shorter if the file ends first
 */
export async function readInto(
  file: FileHandle,
  target: Uint8Array,
  filled = 0,
  readBytes: number = MAX_CALL_BYTES,
): Promise<Uint8Array> {
  for (let at = filled; at < target.length; ) {
    const { bytesRead } = await file.read(target, at, Math.min(target.length - at, readBytes));
    if (bytesRead === 0) return target.subarray(0, at);
    at += bytesRead;
  }
  return target;
}

/** Returns `parts` without their first `count` bytes. */
export function dropBytes(count: number, parts: readonly Uint8Array[]): Uint8Array[] {
  let skip = count;
  return parts.flatMap((part) => {
    const taken = Math.min(skip, part.length);
    skip -= taken;
    return taken < part.length ? [part.subarray(taken)] : [];
  });
}

/** Returns the error with the file's name in it. Node's own errors have it already if they come from opening the file. */
function withName(error: unknown, path: string | URL): unknown {
  const name = String(path);
  if (isNpyError(error)) {
    const { code, message, detail, fault } = error;
    const inFile = `npy: ${quoted(name, 300)}: ${message.replace(/^npy:? ?/, '')}`;
    return new NpyError(code, inFile, { ...detail, path: name }, { cause: error, fault });
  }
  if (error instanceof Error && 'syscall' in error && !('path' in error)) {
    error.message += ` ${quoted(name, 300)}`;
    Object.assign(error, { path: name });
  }
  return error;
}
