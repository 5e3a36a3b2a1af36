// The files that the comparisons read. This package's encoder makes them; tests check that its bytes are NumPy's.
import { encode, type ViewLike } from '@bridge/npy/core';

/** Sizes by the names that the table shows, in bytes of data. */
export const SIZES = {
  '1 KB': 2 ** 10,
  '64 KB': 2 ** 16,
  '1 MB': 2 ** 20,
  '16 MB': 2 ** 24,
  '100 MB': 100 * 2 ** 20,
} as const;
export type SizeName = keyof typeof SIZES;

/** Returns numbers that differ from each other. */
export function floats(bytes: number): Float32Array<ArrayBuffer> {
  const data = new Float32Array(bytes / 4);
  for (let i = 0; i < data.length; i++) data[i] = i;
  return data;
}

/** A file that is the whole of its buffer, as npyjs asks for. */
export function fileOf(view: ViewLike, descr?: string): Uint8Array<ArrayBuffer> {
  return encode(view, descr === undefined ? {} : { descr });
}
