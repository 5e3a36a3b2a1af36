// Memory for elements: fresh and zeroed, or handed in by a caller and checked.
import { NpyError } from '../errors.ts';
import type { RawArray } from './store.ts';

/** New zeroed memory. @throws NpyError NPY_LIMIT when the runtime has none of that size */
export function allocateBytes(bytes: number): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new NpyError('NPY_LIMIT', `npy: no memory for ${bytes} bytes`, { bytes }, { cause });
  }
}

/** A copy in memory of its own, which is not zeroed first. @throws NpyError NPY_LIMIT when the runtime has none of that size */
export function copyBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(bytes);
  } catch (cause) {
    throw new NpyError('NPY_LIMIT', `npy: no memory for ${bytes.length} bytes`, { bytes: bytes.length }, { cause });
  }
}

/** Checks a number of elements. @throws NpyError NPY_ARRAY when it is no whole number from 0 on */
export function checkLength(length: unknown): number {
  if (Number.isSafeInteger(length) && (length as number) >= 0) return length as number;
  throw new NpyError('NPY_ARRAY', 'npy: a length must be a whole number from 0 on', { length });
}

/**
 * What a store stands on: the typed array that was handed in, or a fresh one of `words` words an element.
 * @throws NpyError NPY_ARRAY for anything else, NPY_LIMIT when there is no memory of that size
 */
export function rawOf<R extends RawArray>(
  raw: R | number,
  words: number,
  type: { readonly name: string; readonly BYTES_PER_ELEMENT: number; new (buffer: ArrayBuffer): R },
): R {
  if (typeof raw === 'number') return new type(allocateBytes(checkLength(raw) * words * type.BYTES_PER_ELEMENT).buffer);
  if (raw instanceof type && (words === 0 ? raw.length === 0 : raw.length % words === 0)) return raw;
  throw new NpyError('NPY_ARRAY', `npy: expected a length or a ${type.name} of ${words} an element`, { raw });
}
