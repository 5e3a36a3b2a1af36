// The table from dtype name to store type: that of simple-types.ts, with structures and objects.
import type { DTypeName } from '../dtype/dtype.ts';
import type { ObjectStore } from './object-store.ts';
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

/** The JavaScript type of one element of a dtype. */
export type ElementOf<D extends DTypeName> = ElementOfStore<StoreByDType[D]>;

type ElementOfStore<S> = S extends { get(index: number): infer T }
  ? T
  : S extends { [index: number]: infer T }
    ? T
    : never;

/** The values that may be set as an element of a dtype. For times and bytes they are more than `get` returns: Dates, text. */
export type SetElementOf<D extends DTypeName> = SetElementOfStore<StoreByDType[D]>;

// A typed array has a `set` as well, which takes lists. Only stores have a `get`.
type SetElementOfStore<S> = S extends { get(index: number): unknown; set(index: number, value: infer T): void }
  ? T
  : S extends { [index: number]: infer T }
    ? T
    : never;
