// What holds elements where no native typed array does: the manners of a typed array, under the names that the
// ndarray package calls (`get`, `set`, `length`).
import type { Descr } from '../dtype/descr.ts';
import type { DTypeName } from '../dtype/dtype.ts';

/** The memory that a store reads and writes, for hot loops. */
export type RawArray = Uint8Array | Uint16Array | Uint32Array | BigInt64Array | Float32Array | Float64Array;

/** A typed store of elements of type `T`. */
export interface Store<T> {
  readonly dtype: DTypeName;
  /** The whole dtype where the name alone does not tell it: `'|S3'`, `'<M8[ns]'`, the fields of a struct. */
  readonly descr?: Descr;
  /** Elements. */
  readonly length: number;
  /** The memory itself, in native byte order. Writing to it writes to the store. */
  readonly raw: RawArray;
  /** The element at `index`, of 0…length-1. @throws NpyError NPY_INDEX for any other index */
  get(index: number): T;
  /** @throws NpyError NPY_INDEX as `get`, NPY_VALUE when the dtype cannot hold `value`: the element is then what it was */
  set(index: number, value: T): void;
  [Symbol.iterator](): Iterator<T>;
}
