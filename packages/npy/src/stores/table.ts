// What holds each dtype, by the table of store-types.ts, and what dtype a store holds.
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
import { BytesStore, VoidStore } from './bytes.ts';
import { CLongDoubleStore, LongDoubleStore } from './longdouble.ts';
import { allocateBytes, checkLength } from './memory.ts';
import { numberOfStore, numbersOver } from './numbers.ts';
import { ObjectStore } from './object.ts';
import { BFloat16Store, Float8Store } from './small-float.ts';
import type { AnyStore, BinaryStore, StoreByDType } from './store-types.ts';
import { StrStore } from './str.ts';
import { StructStore } from './struct.ts';
import { DateTime64Store, TimeDelta64Store } from './time.ts';

/** Makes a store over memory that is aligned to the dtype's words. `n` counts elements. */
type Over<S> = (buffer: ArrayBuffer, byteOffset: number, n: number, type: DType) => S;

const bytesAt = (b: ArrayBuffer, o: number, n: number, { itemsize }: DType): Uint8Array =>
  new Uint8Array(b, o, n * itemsize);

const over = {
  ...numbersOver,
  longdouble: (b, o, n, t) => new LongDoubleStore(bytesAt(b, o, n, t)),
  clongdouble: (b, o, n, t) => new CLongDoubleStore(bytesAt(b, o, n, t)),
  bfloat16: (b, o, n) => new BFloat16Store(new Uint16Array(b, o, n)),
  float8_e3m4: (b, o, n) => new Float8Store('float8_e3m4', new Uint8Array(b, o, n)),
  float8_e4m3: (b, o, n) => new Float8Store('float8_e4m3', new Uint8Array(b, o, n)),
  float8_e4m3b11fnuz: (b, o, n) => new Float8Store('float8_e4m3b11fnuz', new Uint8Array(b, o, n)),
  float8_e4m3fn: (b, o, n) => new Float8Store('float8_e4m3fn', new Uint8Array(b, o, n)),
  float8_e4m3fnuz: (b, o, n) => new Float8Store('float8_e4m3fnuz', new Uint8Array(b, o, n)),
  float8_e5m2: (b, o, n) => new Float8Store('float8_e5m2', new Uint8Array(b, o, n)),
  float8_e5m2fnuz: (b, o, n) => new Float8Store('float8_e5m2fnuz', new Uint8Array(b, o, n)),
  float8_e8m0fnu: (b, o, n) => new Float8Store('float8_e8m0fnu', new Uint8Array(b, o, n)),
  bytes: (b, o, n, t) => new BytesStore(t.itemsize, bytesAt(b, o, n, t), n),
  str: (b, o, n, t) => new StrStore(t.itemsize / 4, new Uint32Array(b, o, (n * t.itemsize) / 4), n),
  datetime64: (b, o, n, t) => new DateTime64Store(t.unit ?? GENERIC, new BigInt64Array(b, o, n)),
  timedelta64: (b, o, n, t) => new TimeDelta64Store(t.unit ?? GENERIC, new BigInt64Array(b, o, n)),
  void: (b, o, n, t) => new VoidStore(t.itemsize, bytesAt(b, o, n, t), n),
  struct: (b, o, n, t) => new StructStore(descrOf(t) as readonly FieldDescr[], bytesAt(b, o, n, t), n),
} satisfies { [D in Exclude<DTypeName, 'object'>]: Over<StoreByDType[D]> };

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

/** The dtype that `data` holds, or undefined where it is no typed store (a plain array, say). */
export function typeOfStore(data: unknown): DType | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const number = numberOfStore(data);
  if (number || ArrayBuffer.isView(data)) return number;
  const { dtype, descr, raw, get, set } = data as { [K in 'dtype' | 'descr' | 'raw' | 'get' | 'set']?: unknown };
  if (typeof get !== 'function' || typeof set !== 'function') return undefined;
  if (dtype === 'object') return Array.isArray(raw) ? objectTypeOf(descr) : undefined;
  if (!ArrayBuffer.isView(raw)) return undefined;
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
