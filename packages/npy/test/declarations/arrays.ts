// TypeScript infers an array's element type from the values it is made of, and comparing its dtype narrows that type. Every
// compiler of scripts/check-compilers.mjs compiles this file with the types of a browser alone.
import { type AnyNdArray, array, decode, dtypeOf, hasDType, type NestedArray, ravel, toNested } from '@bridge/npy';
import * as core from '@bridge/npy/core';
import ndarray from 'ndarray';

export const picture: ndarray.NdArray<Uint8Array> = array(new Uint8Array(12), [2, 2, 3]);
export const pixels: ndarray.NdArray<Uint8ClampedArray> = array(new Uint8ClampedArray(16), [2, 2, 4]);
export const wrapped: ndarray.NdArray<Float32Array> = array(ndarray(new Float32Array(4), [2, 2]));
export const viewed: ndarray.NdArray<Float32Array> = array({ data: new Float32Array(4), shape: [2, 2] });
export const count: bigint = array(new BigInt64Array(4)).get(0);
export const listed: number = array([
  [1, 2],
  [3, 4],
]).get(1, 0);
export const name: string = array(['Ada', 'Grace']).get(0);
export const converted: ndarray.NdArray<Int16Array> = array([1, 2], { dtype: '<i2', shape: [2, 1] });
export const uint8: 'uint8' = dtypeOf(picture);
export const rows: NestedArray<number> = toNested(picture);
export const flat: Uint8Array = ravel(pixels);

export function sumOf(file: Uint8Array): number {
  const view = core.decode(file);
  switch (view.dtype) {
    case 'float32':
      return view.data.reduce((a, b) => a + b, 0);
    case 'bool':
      return Array.from(view.data).filter((each: boolean) => each).length;
    case 'int64':
      return Number(view.data.reduce((a, b) => a + b, 0n));
    default:
      return view.shape.length;
  }
}

export function firstOf(any: AnyNdArray): number | Date | undefined {
  if (any.dtype === 'uint8') return any.data[0] satisfies number | undefined;
  if (hasDType(any, 'float64')) return any.get(0);
  if (hasDType(any, 'datetime64')) return any.data.toDate(0);
  // @ts-expect-error the array may still have any of many dtypes
  any satisfies ndarray.NdArray<Float32Array>;
  return any.size;
}

export function eitherOf(file: Uint8Array, wanted: 'float32' | 'float64'): AnyNdArray {
  const any = decode(file);
  if (hasDType(any, wanted)) return any satisfies ndarray.NdArray<Float32Array> | ndarray.NdArray<Float64Array>;
  const rest: AnyNdArray = any;
  // @ts-expect-error the array may have the other one of the two dtypes
  any satisfies Exclude<AnyNdArray, ndarray.NdArray<Float32Array> | ndarray.NdArray<Float64Array>>;
  return rest;
}
