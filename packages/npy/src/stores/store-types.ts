// Which store holds which dtype, as a type: the one table, with the dtypes that have parts.
import type { DTypeName } from '../dtype/dtype.ts';
import type { ObjectStore } from './object.ts';
import type { SimpleStoreByDType } from './simple-types.ts';
import type { StructStore } from './struct.ts';

export type { Float16Data } from './simple-types.ts';

/** The store of each dtype. */
export interface StoreByDType extends SimpleStoreByDType {
  struct: StructStore;
  object: ObjectStore;
}

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

/** What may be set as one element of a dtype: more than what comes back, for times a Date, for bytes a text. */
export type SetElementOf<D extends DTypeName> = SetElementOfStore<StoreByDType[D]>;

// A typed array has a `set` as well, which takes lists: only what has a `get` is asked for its own.
type SetElementOfStore<S> = S extends { get(index: number): unknown; set(index: number, value: infer T): void }
  ? T
  : S extends { [index: number]: infer T }
    ? T
    : never;
