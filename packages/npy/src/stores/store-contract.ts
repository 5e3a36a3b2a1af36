// The contract of a store, which holds elements that no typed array can hold: it behaves like a typed array, with the methods that the
// ndarray package calls (`get`, `set`, `length`).
import type { Descr } from '../dtype/descr.ts';
import type { DTypeName } from '../dtype/dtype.ts';

/** The memory that a store reads and writes, for hot loops. */
export type RawArray = Uint8Array | Uint16Array | Uint32Array | BigInt64Array | Float32Array | Float64Array;

/** A typed store of elements of type `T`. */
export interface Store<T> {
  /** NumPy's name of the dtype. */
  readonly dtype: DTypeName;
  /** The whole dtype, if the name is not enough: `'|S3'`, `'<M8[ns]'`, the fields of a struct. */
  readonly descr?: Descr;
  /** The number of elements. */
  readonly length: number;
  /** The memory itself, in native byte order. Writing to it writes to the store. */
  readonly raw: RawArray;
  /** Returns the element at `index`, from 0 to `length` - 1. @throws NpyError NPY_INDEX for any other index */
  get(index: number): T;
  /** Stores an element. @throws NpyError NPY_INDEX; NPY_VALUE if the dtype cannot hold `value`, and the element stays unchanged */
  set(index: number, value: T): void;
  /** Iterates over the elements in order. */
  [Symbol.iterator](): Iterator<T>;
}
