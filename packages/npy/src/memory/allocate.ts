// Allocates memory for elements, and checks numbers of elements.
import { NpyError } from '../errors.ts';
import type { UnsharedBytes } from '../types/unshared.ts';

/** Allocates zeroed memory. @throws NpyError NPY_LIMIT if the runtime cannot allocate that much */
export function allocateBytes(bytes: number): UnsharedBytes {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw noMemory(bytes, cause);
  }
}

/** Copies bytes into memory of their own, which is not zeroed first. @throws NpyError NPY_LIMIT if the runtime cannot allocate that much */
export function copyBytes(bytes: Uint8Array): UnsharedBytes {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw noMemory(bytes.length, cause);
  }
}

/** Joins parts in fresh memory. @throws NpyError NPY_LIMIT if it cannot be allocated */
export function joinBytes(parts: readonly Uint8Array[]): UnsharedBytes {
  const whole = allocateBytes(parts.reduce((bytes, part) => bytes + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

function noMemory(bytes: number, cause: unknown): NpyError {
  return new NpyError('NPY_LIMIT', `npy: no memory for ${bytes} bytes`, { bytes }, { cause });
}

/** Returns `length`, which is a number of elements. @throws NpyError NPY_ARRAY if it is not an integer of 0 or more */
export function checkLength(length: unknown): number {
  if (Number.isSafeInteger(length) && (length as number) >= 0) return length as number;
  throw new NpyError('NPY_ARRAY', 'npy: a length must be an integer of 0 or more', { length });
}
