// Which store holds which dtype: once as a type, once as values, and the second must satisfy the first.
import { asBytes } from '../bytes.ts';
import { checkDTypeName, type DTypeName, fixedTypes, isDTypeName } from '../dtype/dtype.ts';
import { BoolStore } from './bool.ts';
import { Complex64Store, Complex128Store } from './complex.ts';
import { Float16Store } from './float16.ts';
import { allocateBytes, checkLength } from './memory.ts';

/** What `new Float16Array` makes where the libraries know it, as the types of ndarray have it. */
type NativeFloat16Array = typeof globalThis extends { Float16Array: new (...args: never) => infer T } ? T : never;

/** What `float16` is held in: the runtime's Float16Array where there is one, else a Float16Store. */
export type Float16Data = NativeFloat16Array | Float16Store;

/** The store of each dtype. */
export interface StoreByDType {
  bool: BoolStore;
  int8: Int8Array;
  int16: Int16Array;
  int32: Int32Array;
  int64: BigInt64Array<ArrayBuffer>;
  uint8: Uint8Array;
  uint16: Uint16Array;
  uint32: Uint32Array;
  uint64: BigUint64Array<ArrayBuffer>;
  float16: Float16Data;
  float32: Float32Array;
  float64: Float64Array;
  complex64: Complex64Store;
  complex128: Complex128Store;
}

/** Any store of this package. */
export type AnyStore = StoreByDType[DTypeName];

/** What one element of a dtype is in JavaScript. */
export type ElementOf<D extends DTypeName> = ElementOfStore<StoreByDType[D]>;

type ElementOfStore<S> = S extends { get(index: number): infer T }
  ? T
  : S extends { [index: number]: infer T }
    ? T
    : never;

interface NativeFloat16Constructor {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): NativeFloat16Array;
}
const Float16Native = (globalThis as { Float16Array?: NativeFloat16Constructor }).Float16Array;

/** Makes a store over memory that is aligned to the dtype's words. `length` counts elements. */
type Over<S> = (buffer: ArrayBuffer, byteOffset: number, length: number) => S;

const over = {
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
} satisfies { [D in DTypeName]: Over<StoreByDType[D]> };

/** A store over bytes that hold `length` elements in native byte order; `byteOffset` is a multiple of the word. */
export function storeOver<D extends DTypeName>(
  dtype: D,
  buffer: ArrayBufferLike,
  byteOffset: number,
  length: number,
): StoreByDType[D] {
  const make: Over<AnyStore> = over[dtype];
  // The types name ArrayBuffer, as ndarray's do; memory shared between threads works as well.
  return make(buffer as ArrayBuffer, byteOffset, length) as StoreByDType[D];
}

/**
 * A new store of `length` zeros.
 * @throws NpyError NPY_DESCR for a dtype of no such name, NPY_ARRAY for a length that is none, NPY_LIMIT when the runtime
 * has no memory of that size
 */
export function allocateStore<D extends DTypeName>(dtype: D, length: number): StoreByDType[D] {
  const { itemsize } = fixedTypes[checkDTypeName(dtype)];
  return storeOver(dtype, allocateBytes(checkLength(length) * itemsize).buffer, 0, length);
}

/** By the name that a typed array carries inside, which no subclass and no property of its own can change. */
const byTag: Readonly<Record<string, DTypeName>> = {
  Int8Array: 'int8',
  Int16Array: 'int16',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
  Uint8Array: 'uint8',
  Uint8ClampedArray: 'uint8',
  Uint16Array: 'uint16',
  Uint32Array: 'uint32',
  BigUint64Array: 'uint64',
  Float16Array: 'float16',
  Float32Array: 'float32',
  Float64Array: 'float64',
};

const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** The dtype that `data` holds, or undefined where it is no typed store (a plain array, say). */
export function dtypeOfStore(data: unknown): DTypeName | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if (ArrayBuffer.isView(data)) return byTag[tagOf?.call(data) ?? 'DataView'];
  const { dtype, raw, get, set } = data as { [K in 'dtype' | 'raw' | 'get' | 'set']?: unknown };
  const isStore = typeof get === 'function' && typeof set === 'function' && ArrayBuffer.isView(raw);
  return isStore && typeof dtype === 'string' && isDTypeName(dtype) ? dtype : undefined;
}

/** The bytes behind a store, not copied. @throws NpyError NPY_ARRAY when their memory was transferred away */
export function bytesOfStore(data: AnyStore): Uint8Array {
  return asBytes(ArrayBuffer.isView(data) ? data : data.raw);
}
