// One array a file: read whole, written as header and data without joining them.
import { open, readFile } from 'node:fs/promises';
import type { DecodeOptions } from '../decode.ts';
import type { DTypeName } from '../dtype/dtype.ts';
import type { EncodeOptions } from '../encode.ts';
import { type ArrayInput, decode, encodeParts, type NdArrayOf } from '../ndarray.ts';

/**
 * Reads a .npy file, as np.load does.
 * @throws NpyError what `decode` throws; the file system's own errors untouched
 */
export async function load<D extends DTypeName = DTypeName>(
  path: string | URL,
  options: DecodeOptions<D> = {},
): Promise<NdArrayOf<D>> {
  return decode(await readFile(path), options);
}

/**
 * Writes a .npy file with the bytes that np.save writes. Unlike np.save it takes the path as it is and adds no suffix.
 * @throws NpyError what `encode` throws, before the file is opened; the file system's own errors untouched
 */
export async function save(path: string | URL, array: ArrayInput, options: EncodeOptions = {}): Promise<void> {
  const parts = encodeParts(array, options);
  await using file = await open(path, 'w');
  // A write may take less than it was given, on Linux never more than 2 GiB: again until nothing is left.
  for (let left: Uint8Array[] = parts; left.length > 0; ) left = after((await file.writev(left)).bytesWritten, left);
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
