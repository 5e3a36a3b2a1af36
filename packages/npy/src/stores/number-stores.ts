// The stores of numbers: a typed array if the runtime has one for the dtype. Programs that need only numbers use this file without
// store-table.ts.
import { asBytes } from '../arguments/bytes-like.ts';
import { type DType, dtypeNamed, type FixedDTypeName, isFixedName } from '../dtype/dtype.ts';
import { checkLength } from '../memory/allocate.ts';
import { BoolStore } from './bool.ts';
import { Complex64Store, Complex128Store } from './complex.ts';
import { Float16Store } from './float16.ts';
import type { Float16Data, SimpleStoreByDType } from './simple-types.ts';

/** The dtypes of numbers: those that typed arrays hold, complex numbers and booleans. */
export type NumberName = Exclude<FixedDTypeName, 'longdouble' | 'clongdouble' | 'bfloat16' | `float8_${string}`>;

/** Makes a store of `length` elements over memory that is aligned to the dtype's words. */
type MakeStore<S> = (buffer: ArrayBuffer, byteOffset: number, length: number) => S;

interface NativeFloat16Constructor {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): Exclude<Float16Data, Float16Store>;
}
const { Float16Array: Float16Native } = globalThis as { Float16Array?: NativeFloat16Constructor };

/** The function that makes the store of each dtype. */
export const numbersOver: { readonly [D in NumberName]: MakeStore<SimpleStoreByDType[D]> } = {
  bool: (b, o, n) => new BoolStore(new Uint8Array(b, o, n)),
  int8: (b, o, n) => new Int8Array(b, o, n),
  int16: (b, o, n) => new Int16Array(b, o, n),
  int32: (b, o, n) => new Int32Array(b, o, n),
  int64: (b, o, n) => new BigInt64Array(b, o, n),
  uint8: (b, o, n) => new Uint8Array(b, o, n),
  uint16: (b, o, n) => new Uint16Array(b, o, n),
  uint32: (b, o, n) => new Uint32Array(b, o, n),
  uint64: (b, o, n) => new BigUint64Array(b, o, n),
  float16: (b, o, n) => (Float16Native ? new Float16Native(b, o, n) : new Float16Store(new Uint16Array(b, o, n))),
  float32: (b, o, n) => new Float32Array(b, o, n),
  float64: (b, o, n) => new Float64Array(b, o, n),
  complex64: (b, o, n) => new Complex64Store(new Float32Array(b, o, 2 * n)),
  complex128: (b, o, n) => new Complex128Store(new Float64Array(b, o, 2 * n)),
};

/** Returns whether a dtype is one of these numbers. */
export function isNumberName(name: string): name is NumberName {
  return Object.hasOwn(numbersOver, name);
}

/** Returns the name of a typed array's class: `Uint8Array` also for a Buffer, and for arrays of other realms. */
function tagOf(data: object): unknown {
  return (data as { readonly [Symbol.toStringTag]?: unknown })[Symbol.toStringTag];
}

/** The dtype of each class of typed arrays. Stores and DataViews have other tags, or none. */
const byTag: ReadonlyMap<unknown, DType | undefined> = new Map<unknown, DType | undefined>([
  ...(Object.keys(numbersOver) as NumberName[]).map(
    (name) => [tagOf(numbersOver[name](new ArrayBuffer(0), 0, 0)), dtypeNamed(name)] as const,
  ),
  ['Uint8ClampedArray', dtypeNamed('uint8')],
  [undefined, undefined],
]);

/** Returns the dtype of a store of fixed-size elements; undefined for anything else. */
export function numberOfStore(data: unknown): DType | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if (ArrayBuffer.isView(data)) return byTag.get(tagOf(data));
  const { dtype, raw, get, set } = data as { [K in 'dtype' | 'raw' | 'get' | 'set']?: unknown };
  const isStore = typeof get === 'function' && typeof set === 'function' && ArrayBuffer.isView(raw);
  return isStore && typeof dtype === 'string' && isFixedName(dtype) ? dtypeNamed(dtype) : undefined;
}

/** Returns the number of bytes to which the memory of a store must be aligned. */
export function alignmentOf({ name, wordBytes }: DType): number {
  return name === 'longdouble' || name === 'clongdouble' ? 1 : wordBytes;
}

/** A store whose memory is a typed array, or, for objects, a list. */
interface StoreLike {
  readonly raw: ArrayBufferView | readonly unknown[];
  readonly length: number;
}

/** Returns the memory of a store: a typed array itself, the `raw` of any other store. */
export function rawOf(data: ArrayBufferView | Pick<StoreLike, 'raw'>): StoreLike['raw'] {
  return ArrayBuffer.isView(data) ? data : data.raw;
}

/** Returns the bytes of a store, not copied. @throws NpyError NPY_ARRAY if their memory was transferred away */
export function bytesOfStore(data: ArrayBufferView | { readonly raw: ArrayBufferView }): Uint8Array {
  return asBytes(rawOf(data));
}

/** Returns the number of elements in a store, computed from its memory; for elements without bytes, the store's own length. */
export function lengthOfStore(data: ArrayBufferView | StoreLike, { itemsize }: DType): number {
  const raw = rawOf(data);
  if (!ArrayBuffer.isView(raw)) return raw.length;
  if (itemsize === 0) return checkLength((data as StoreLike).length);
  // Memory without bytes may have been transferred away, for which asBytes throws.
  return Math.floor((raw.byteLength || asBytes(raw).length) / itemsize);
}
