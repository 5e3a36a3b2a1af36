// Makes stores again of their clones: structuredClone and postMessage keep a store's memory and fields, and drop its methods.
import type { DType } from '../dtype/dtype.ts';
import type { BytesStore } from './bytes.ts';
import { alignmentOf, bytesOfStore } from './number-stores.ts';
import type { AnyStore, BinaryStore } from './store-types.ts';

/** The functions of a set of dtypes that make the store of a dtype. */
export interface StoreMaker {
  /** Parses a name or a descr. @throws NpyError NPY_DESCR */
  named(dtype: unknown): DType;
  /** Returns the same dtype in native byte order. */
  native(type: DType): DType;
  /** Makes a store over bytes of native order, aligned to the dtype's words. */
  over(type: DType, buffer: ArrayBufferLike, byteOffset: number, length: number): BinaryStore;
}

/** The fields that a clone of a store keeps. */
type CloneOfStore = Pick<BytesStore, 'dtype' | 'descr' | 'raw' | 'words' | 'emptyElements'>;

/** Makes a store again, on the same memory; returns undefined if the value is not the clone of a store. */
export function reviveBytes(clone: unknown, { named, native, over }: StoreMaker): AnyStore | undefined {
  const {
    dtype,
    descr = dtype,
    raw,
    words,
    emptyElements,
  } = Object(clone) as { readonly [K in keyof CloneOfStore]?: unknown };
  if (typeof words !== 'number' || !ArrayBuffer.isView(raw)) return undefined;
  let type: DType;
  try {
    type = native(named(descr));
  } catch {
    return undefined;
  }
  const bytes = bytesOfStore(raw);
  const isWhole = bytes.byteOffset % alignmentOf(type) === 0;
  if (type.name !== dtype || !isWhole) return undefined;
  const length = type.itemsize > 0 ? Math.floor(bytes.length / type.itemsize) : Number(emptyElements);
  return over(type, bytes.buffer, bytes.byteOffset, length);
}
