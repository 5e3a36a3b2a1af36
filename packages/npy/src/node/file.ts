// One array a file: its header first, then as much memory as the array takes; written as header and data without joining them.
import { type FileHandle, open } from 'node:fs/promises';
import type { DTypeName } from '../dtype/dtype.ts';
import { isNpyError, NpyError } from '../errors.ts';
import { checkDecodeOptions, type DecodeOptions, readAnyHeader, truncated } from '../format/decode.ts';
import type { EncodeOptions } from '../format/encode.ts';
import { allocateBytes } from '../memory/allocate.ts';
import { type ArrayInput, decode, encodeParts, type NdArrayOf } from '../ndarray/ndarray.ts';
import { nameOf, quoted } from '../text/quoted.ts';

/**
 * Reads a .npy file of any size, as np.load does. Limits are held against the header before the data is read.
 * @throws NpyError what `decode` throws, with the file's name; NPY_OPTION for what is no path; the file system's own errors
 */
export async function load<D extends DTypeName = DTypeName>(
  path: string | URL,
  options: DecodeOptions<D> = {},
): Promise<NdArrayOf<D>> {
  checkPath(path);
  checkDecodeOptions(options);
  try {
    await using file = await open(path);
    return decode(await bytesOf(file, options), options);
  } catch (error) {
    throw withName(error, path);
  }
}

/**
 * Writes a .npy file with the bytes that np.save writes. Unlike np.save it takes the path as it is and adds no suffix.
 * @throws NpyError what `encode` throws, before the file is opened; NPY_OPTION for what is no path; the file system's own errors
 */
export async function save(path: string | URL, array: ArrayInput, options: EncodeOptions = {}): Promise<void> {
  checkPath(path);
  const parts = encodeParts(array, options);
  try {
    await using file = await open(path, 'w');
    await writeAll(file, parts);
  } catch (error) {
    throw withName(error, path);
  }
}

/** Bytes would be taken for the name of a file. @throws NpyError NPY_OPTION */
function checkPath(path: unknown): void {
  if (typeof path === 'string' || path instanceof URL) return;
  const hint = ArrayBuffer.isView(path) ? ': bytes are for decode' : '';
  throw new NpyError('NPY_OPTION', `npy: the path must be a text or a URL, not ${nameOf(path)}${hint}`, {
    name: 'path',
    value: path,
  });
}

/** More than any header that is not meant to be large, and small files at once. */
const HEAD_BYTES = 65_536;

/** The bytes of the array in a file, and in a small file what is behind it. */
async function bytesOf(file: FileHandle, options: DecodeOptions): Promise<Uint8Array> {
  const { size } = await file.stat();
  // A pipe and a device say nothing of their size.
  if (size === 0) return untilEnd(file, options);
  const head = await readInto(file, allocateBytes(Math.min(size, HEAD_BYTES)));
  if (head.length < HEAD_BYTES || size === HEAD_BYTES) return head;
  const header = readAnyHeader(head, options);
  const end = header ? header.dataOffset + header.dataBytes : size;
  if (end > size && end !== Number.POSITIVE_INFINITY) throw truncated('data', size, end);
  const bytes = allocateBytes(Math.max(Math.min(end, size), head.length));
  bytes.set(head);
  return readInto(file, bytes, head.length);
}

/** Reads to the end of the array, or of the file where the array's is not known, into memory that grows with what comes. */
async function untilEnd(file: FileHandle, options: DecodeOptions): Promise<Uint8Array> {
  let bytes = allocateBytes(HEAD_BYTES);
  let end = Number.POSITIVE_INFINITY;
  for (let filled = 0; ; ) {
    const { bytesRead } = await file.read(bytes, filled, Math.min(bytes.length - filled, CALL_BYTES));
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

/** Bytes for one call. Of 2 GiB and more Node tells a negative count where they were written. */
const CALL_BYTES = 2 ** 30;

/** Writes parts one behind the other. A call may take less than it was given: again until nothing is left. */
export async function writeAll(
  file: Pick<FileHandle, 'writev'>,
  parts: readonly Uint8Array[],
  callBytes: number = CALL_BYTES,
): Promise<void> {
  for (let left = after(0, parts); left.length > 0; ) {
    const { bytesWritten } = await file.writev(before(callBytes, left));
    left = after(bytesWritten, left);
  }
}

/** The first `count` bytes of `parts`. */
function before(count: number, parts: readonly Uint8Array[]): Uint8Array[] {
  let room = count;
  return parts.flatMap((part) => {
    const taken = Math.min(room, part.length);
    room -= taken;
    return taken > 0 ? [part.subarray(0, taken)] : [];
  });
}

/**
 * Fills memory with what comes next in a file.
 * @param filled bytes that are there already
 * @returns the part that is filled, where the file ends before the memory does
 */
export async function readInto(
  file: FileHandle,
  target: Uint8Array,
  filled = 0,
  readBytes: number = CALL_BYTES,
): Promise<Uint8Array> {
  for (let at = filled; at < target.length; ) {
    const { bytesRead } = await file.read(target, at, Math.min(target.length - at, readBytes));
    if (bytesRead === 0) return target.subarray(0, at);
    at += bytesRead;
  }
  return target;
}

/** What is left of `parts` behind their first `count` bytes. */
export function after(count: number, parts: readonly Uint8Array[]): Uint8Array[] {
  let skip = count;
  return parts.flatMap((part) => {
    const taken = Math.min(skip, part.length);
    skip -= taken;
    return taken < part.length ? [part.subarray(taken)] : [];
  });
}

/** The error, with the name of the file in it. The file system's own name it where they come from opening it. */
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
