// What holds each dtype, by the table of store-types.ts, and what dtype a store holds.

import { dtypeOfDescr } from '../dtype/caller-descr.ts';
import { type Descr, descrOf, type FieldDescr } from '../dtype/descr.ts';
import {
  checkDTypeName,
  type DType,
  type DTypeName,
  dtypeNamed,
  isFixedName,
  nativeType,
  objectType,
} from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { allocateBytes, checkLength } from '../memory/allocate.ts';
import { numberOfStore } from './native-numbers.ts';
import { ObjectStore } from './object.ts';
import { simpleOver } from './simple.ts';
import type { AnyStore, BinaryStore, StoreByDType } from './store-types.ts';
import { StructStore } from './struct.ts';

/**
 * A store over bytes that hold `length` elements of `type`, in native byte order; `byteOffset` is aligned.
 * `type` is none of objects.
 */
export function storeOver(type: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): BinaryStore {
  if (type.name === 'object') throw new NpyError('NPY_OBJECTS', 'npy: objects are not bytes');
  if (type.name !== 'struct') return simpleOver(type, buffer, byteOffset, length);
  const bytes = new Uint8Array(buffer, byteOffset, length * type.itemsize);
  return new StructStore(descrOf(type) as readonly FieldDescr[], bytes, length);
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

/** Lists that are longer take most of a machine, or all of it. */
const MAX_LIST = 2 ** 27;

/** A new store of `length` zeros, of a dtype that is known. */
export function allocateOf(type: DType, length: number): AnyStore {
  const elements = checkLength(length);
  if (type.name === 'object') {
    if (elements > MAX_LIST) throw new NpyError('NPY_LIMIT', `npy: no list has ${elements} items`, { elements });
    return new ObjectStore(new Array(elements).fill(null), descrOf(type));
  }
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
