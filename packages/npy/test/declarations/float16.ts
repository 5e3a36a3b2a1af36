// The types of half precision are right with and without Float16Array in TypeScript's lib, because the runtime may have the class
// in both cases. Every compiler of scripts/check-compilers.mjs compiles this file with the types of a browser alone.
import { type AnyNdArray, array, decode, encode, type Float16Data, Float16Store, hasDType } from '@bridge/npy';
import * as core from '@bridge/npy/core';

const file = encode([0.5, -2], { dtype: 'float16' });
const halves = decode(file, { dtype: 'float16' });
export const element: number = halves.get(0);
halves.set(0, 1.5);
export const any: AnyNdArray = halves;

/** Returns the bytes of a float16 array, whichever class holds its elements in this runtime. */
export function bytesOf(data: Float16Data): Uint8Array {
  // @ts-expect-error a Float16Array has no such property
  data.raw;
  const { buffer, byteOffset, byteLength } = data instanceof Float16Store ? data.raw : data;
  return new Uint8Array(buffer, byteOffset, byteLength);
}
export const first: number | undefined = halves.data instanceof Float16Store ? halves.data.get(0) : halves.data[0];
export const bytes: Uint8Array[] = [bytesOf(halves.data), bytesOf(core.decode(file, { dtype: 'float16' }).data)];
export const again: Uint8Array[] = [encode(halves), encode(halves.data), encode(array(new Float16Store(4), [2, 2]))];
export const sum: number = [...halves.data].reduce((a, b) => a + b, 0);

export function sumOf(array: AnyNdArray): number {
  return hasDType(array, 'float16') ? array.get(0) + array.transpose(0).get(0) : 0;
}
