// Memory for elements, fresh and zeroed or a copy, and how many there are.
import { NpyError } from '../errors.ts';

/** New zeroed memory. @throws NpyError NPY_LIMIT when the runtime has none of that size */
export function allocateBytes(bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw noMemory(bytes, cause);
  }
}

/** A copy in memory of its own, which is not zeroed first. @throws NpyError NPY_LIMIT when the runtime has none of that size */
export function copyBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw noMemory(bytes.length, cause);
  }
}

function noMemory(bytes: number, cause: unknown): NpyError {
  return new NpyError('NPY_LIMIT', `npy: no memory for ${bytes} bytes`, { bytes }, { cause });
}

/** Checks a number of elements. @throws NpyError NPY_ARRAY when it is no whole number from 0 on */
export function checkLength(length: unknown): number {
  if (Number.isSafeInteger(length) && (length as number) >= 0) return length as number;
  throw new NpyError('NPY_ARRAY', 'npy: a length must be a whole number from 0 on', { length });
}
