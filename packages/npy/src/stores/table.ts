// Which store holds which dtype: once as a type, once as values, and the second must satisfy the first.
import { asBytes } from '../bytes.ts';
import { type Descr, descrOf, dtypeOfDescr, type FieldDescr } from '../dtype/descr.ts';
import {
  checkDTypeName,
  type DType,
  type DTypeName,
  dtypeNamed,
  isFixedName,
  nativeType,
  objectType,
} from '../dtype/dtype.ts';
import { GENERIC } from '../dtype/time-unit.ts';
import { NpyError } from '../errors.ts';
import { BoolStore } from './bool.ts';
import { BytesStore, VoidStore } from './bytes.ts';
import { Complex64Store, Complex128Store } from './complex.ts';
import { Float16Store } from './float16.ts';
import { CLongDoubleStore, LongDoubleStore } from './longdouble.ts';
import { allocateBytes, checkLength } from './memory.ts';
import { ObjectStore } from './object.ts';
import { BFloat16Store, type Float8Name, Float8Store } from './small-float.ts';
import { StrStore } from './str.ts';
import { StructStore } from './struct.ts';
import { DateTime64Store, TimeDelta64Store } from './time.ts';

/** What `new Float16Array` makes where the libraries know it, as the types of ndarray have it. */
type NativeFloat16Array = typeof globalThis extends { Float16Array: new (...args: never) => infer T } ? T : never;

/** What `float16` is held in: the runtime's Float16Array where there is one, else a Float16Store. */
export type Float16Data = NativeFloat16Array | Float16Store;

/** The store of each dtype. */
export interface StoreByDType extends Float8Stores {
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
  longdouble: LongDoubleStore;
  complex64: Complex64Store;
  complex128: Complex128Store;
  clongdouble: CLongDoubleStore;
  bfloat16: BFloat16Store;
  bytes: BytesStore;
  str: StrStore;
  datetime64: DateTime64Store;
  timedelta64: TimeDelta64Store;
  void: VoidStore;
  struct: StructStore;
  object: ObjectStore;
}

type Float8Stores = { [N in Float8Name]: Float8Store<N> };

/** Any store of this package. */
export type AnyStore = StoreByDType[DTypeName];

/** A store whose elements are bytes. */
export type BinaryStore = Exclude<AnyStore, ObjectStore>;

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

/** Makes a store over memory that is aligned to the dtype's words. `n` counts elements. */
type Over<S> = (buffer: ArrayBuffer, byteOffset: number, n: number, type: DType) => S;

const bytesAt = (b: ArrayBuffer, o: number, n: number, { itemsize }: DType): Uint8Array =>
  new Uint8Array(b, o, n * itemsize);
const float8 =
  <N extends Float8Name>(name: N): Over<Float8Store<N>> =>
  (b, o, n) =>
    new Float8Store(name, new Uint8Array(b, o, n));

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
  longdouble: (b, o, n, t) => new LongDoubleStore(bytesAt(b, o, n, t)),
  complex64: (b, o, n) => new Complex64Store(new Float32Array(b, o, 2 * n)),
  complex128: (b, o, n) => new Complex128Store(new Float64Array(b, o, 2 * n)),
  clongdouble: (b, o, n, t) => new CLongDoubleStore(bytesAt(b, o, n, t)),
  bfloat16: (b, o, n) => new BFloat16Store(new Uint16Array(b, o, n)),
  float8_e3m4: float8('float8_e3m4'),
  float8_e4m3: float8('float8_e4m3'),
  float8_e4m3b11fnuz: float8('float8_e4m3b11fnuz'),
  float8_e4m3fn: float8('float8_e4m3fn'),
  float8_e4m3fnuz: float8('float8_e4m3fnuz'),
  float8_e5m2: float8('float8_e5m2'),
  float8_e5m2fnuz: float8('float8_e5m2fnuz'),
  float8_e8m0fnu: float8('float8_e8m0fnu'),
  bytes: (b, o, n, t) => new BytesStore(t.itemsize, bytesAt(b, o, n, t), n),
  str: (b, o, n, t) => new StrStore(t.itemsize / 4, new Uint32Array(b, o, (n * t.itemsize) / 4), n),
  datetime64: (b, o, n, t) => new DateTime64Store(t.unit ?? GENERIC, new BigInt64Array(b, o, n)),
  timedelta64: (b, o, n, t) => new TimeDelta64Store(t.unit ?? GENERIC, new BigInt64Array(b, o, n)),
  void: (b, o, n, t) => new VoidStore(t.itemsize, bytesAt(b, o, n, t), n),
  struct: (b, o, n, t) => new StructStore(descrOf(t) as readonly FieldDescr[], bytesAt(b, o, n, t), n),
} satisfies { [D in Exclude<DTypeName, 'object'>]: Over<StoreByDType[D]> };

/** Bytes to which the memory of a store is aligned. */
export function alignmentOf({ name, wordBytes }: DType): number {
  return name === 'longdouble' || name === 'clongdouble' ? 1 : wordBytes;
}

/**
 * A store over bytes that hold `length` elements of `type`, in native byte order; `byteOffset` is aligned.
 * `type` is none of objects.
 */
export function storeOver(type: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): BinaryStore {
  if (type.name === 'object') throw new NpyError('NPY_OBJECTS', 'npy: objects are not bytes');
  const make: Over<BinaryStore> = over[type.name];
  // The types name ArrayBuffer, as ndarray's do; memory shared between threads works as well.
  return make(buffer as ArrayBuffer, byteOffset, length, type);
}

/**
 * A new store of `length` zeros; of objects, of nulls.
 * @param dtype a name, or a descr where a name does not tell it all: `'<U5'`, `'<M8[ns]'`, a list of fields
 * @throws NpyError NPY_DESCR for a dtype of no such name, NPY_ARRAY for a length that is none, NPY_LIMIT when the runtime
 * has no memory of that size
 */
export function allocateStore<D extends DTypeName>(dtype: D, length: number): StoreByDType[D];
export function allocateStore(dtype: DTypeName | Descr, length: number): AnyStore;
export function allocateStore(dtype: DTypeName | Descr, length: number): AnyStore {
  return allocateOf(typeNamed(dtype), length);
}

/** A new store of `length` zeros, of a dtype that is known. */
export function allocateOf(type: DType, length: number): AnyStore {
  const elements = checkLength(length);
  if (type.name === 'object') return new ObjectStore(new Array(elements).fill(null), descrOf(type));
  return storeOver(nativeType(type), allocateBytes(elements * type.itemsize).buffer, 0, elements);
}

/**
 * The dtype that a caller names or spells, a name without a width or unit included where that means something.
 * @throws NpyError NPY_DESCR, the caller's fault
 */
export function typeNamed(dtype: unknown): DType {
  if (typeof dtype !== 'string' && !Array.isArray(dtype)) checkDTypeName(dtype);
  if (dtype === 'object') return objectType;
  if (dtype === 'struct') return checkSized(dtype);
  if (typeof dtype === 'string' && isFixedName(dtype)) return dtypeNamed(dtype);
  return dtypeOfDescr(dtype);
}

function checkSized(name: string): never {
  const message = `npy: ${name} is no dtype without its fields: [['x', '<f4'], …]`;
  throw new NpyError('NPY_DESCR', message, { dtype: name }, { fault: 'caller' });
}

/** By the name that a typed array carries inside, which no subclass and no property of its own can change. */
const byTag = {
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
} as const;

const tagOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)?.get;

/** The dtype that `data` holds, or undefined where it is no typed store (a plain array, say). */
export function typeOfStore(data: unknown): DType | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  if (ArrayBuffer.isView(data)) {
    const tag: string = tagOf?.call(data) ?? 'DataView';
    return Object.hasOwn(byTag, tag) ? dtypeNamed(byTag[tag as keyof typeof byTag]) : undefined;
  }
  const { dtype, descr, raw, get, set } = data as { [K in 'dtype' | 'descr' | 'raw' | 'get' | 'set']?: unknown };
  if (typeof get !== 'function' || typeof set !== 'function' || typeof dtype !== 'string') return undefined;
  if (dtype === 'object') return Array.isArray(raw) ? objectTypeOf(descr) : undefined;
  if (!ArrayBuffer.isView(raw)) return undefined;
  if (isFixedName(dtype)) return dtypeNamed(dtype);
  const type = spelled(descr);
  return type?.name === dtype ? type : undefined;
}

function objectTypeOf(descr: unknown): DType {
  const type = spelled(descr);
  return type?.name === 'object' ? type : objectType;
}

function spelled(descr: unknown): DType | undefined {
  try {
    return nativeType(dtypeOfDescr(descr));
  } catch {
    return undefined;
  }
}

/** The bytes behind a store, not copied. @throws NpyError NPY_ARRAY when their memory was transferred away */
export function bytesOfStore(data: BinaryStore): Uint8Array {
  return asBytes(ArrayBuffer.isView(data) ? data : data.raw);
}

/** Elements in a store: by the memory that is there, and only of elements without bytes by what the store says. */
export function lengthOfStore(data: AnyStore, { name, itemsize }: DType): number {
  if (name === 'object') return (data as ObjectStore).raw.length;
  if (itemsize === 0) return checkLength(data.length);
  return Math.floor(bytesOfStore(data as BinaryStore).length / itemsize);
}
