// Makes the store of each dtype, and finds the dtype of a store. The types of the stores are in store-types.ts.

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
import { numberOfStore } from './number-stores.ts';
import { ObjectStore } from './object-store.ts';
import { simpleOver } from './simple.ts';
import type { AnyStore, BinaryStore, StoreByDType } from './store-types.ts';
import { StructStore } from './struct.ts';

/**
 * Makes a store over bytes that hold `length` elements of `type`, in native byte order; `byteOffset` is aligned.
 * `type` is not an object dtype.
 */
export function storeOver(type: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): BinaryStore {
  if (type.name === 'object') throw new NpyError('NPY_OBJECTS', 'npy: objects are not bytes');
  if (type.name !== 'struct') return simpleOver(type, buffer, byteOffset, length);
  const bytes = new Uint8Array(buffer, byteOffset, length * type.itemsize);
  return new StructStore(descrOf(type) as readonly FieldDescr[], bytes, length);
}

/**
 * Returns a new store of `length` zeros, or of nulls for objects.
 * @param dtype a name, or a descr if a name is not enough: `'<U5'`, `'<M8[ns]'`, a list of fields
 * @throws NpyError NPY_DESCR for an unknown dtype, NPY_ARRAY for an invalid length, NPY_LIMIT if the memory cannot be allocated
 */
export function allocateStore<D extends DTypeName>(dtype: D, length: number): StoreByDType[D];
export function allocateStore(dtype: DTypeName | Descr, length: number): AnyStore;
export function allocateStore(dtype: DTypeName | Descr, length: number): AnyStore {
  return allocateOf(parseDType(dtype), length);
}

/** The most elements of a new object store. The list of more would take most of a machine's memory. */
const MAX_LIST = 2 ** 27;

/** Does what `allocateStore` does, for a parsed dtype. */
export function allocateOf(type: DType, length: number): AnyStore {
  const elements = checkLength(length);
  if (type.name === 'object') {
    if (elements > MAX_LIST) throw new NpyError('NPY_LIMIT', `npy: a list cannot have ${elements} items`, { elements });
    return new ObjectStore(new Array(elements).fill(null), descrOf(type));
  }
  return storeOver(nativeType(type), allocateBytes(elements * type.itemsize).buffer, 0, elements);
}

/**
 * Returns the dtype of a caller's name or descr. A name may lack its width or unit, as `str` does.
 * @throws NpyError NPY_DESCR, the caller's fault
 */
export function parseDType(dtype: unknown): DType {
  if (typeof dtype !== 'string' && !Array.isArray(dtype)) checkDTypeName(dtype);
  if (dtype === 'object') return objectType;
  if (dtype === 'struct') return refuseStruct();
  if (typeof dtype === 'string' && isFixedName(dtype)) return dtypeNamed(dtype);
  return dtypeOfDescr(dtype);
}

function refuseStruct(): never {
  const message = "npy: struct needs its fields, as in [['x', '<f4'], …]";
  throw new NpyError('NPY_DESCR', message, { dtype: 'struct' }, { fault: 'caller' });
}

/** Returns the dtype of a store; undefined for anything else, such as a plain array. */
export function dtypeOfStore(data: unknown): DType | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const number = numberOfStore(data);
  if (number || ArrayBuffer.isView(data)) return number;
  const { dtype, descr, raw, get, set } = data as { [K in 'dtype' | 'descr' | 'raw' | 'get' | 'set']?: unknown };
  if (typeof get !== 'function' || typeof set !== 'function') return undefined;
  if (dtype === 'object') return Array.isArray(raw) ? objectTypeOf(descr) : undefined;
  if (!ArrayBuffer.isView(raw)) return undefined;
  const type = tryParse(descr);
  return type?.name === dtype ? type : undefined;
}

function objectTypeOf(descr: unknown): DType {
  const type = tryParse(descr);
  return type?.name === 'object' ? type : objectType;
}

/** Returns the dtype of a store's descr; undefined for an invalid one. */
function tryParse(descr: unknown): DType | undefined {
  try {
    return nativeType(dtypeOfDescr(descr));
  } catch {
    return undefined;
  }
}
