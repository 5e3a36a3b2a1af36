// Types by which the compiler knows the dtype of an array, a store or nested lists. At run time operations/nested.ts finds the dtype of
// lists, and stores/store-table.ts that of everything else.
import type { Descr, DTypeOfDescr } from '../dtype/descr.ts';
import type { DTypeName } from '../dtype/dtype.ts';
import type { Complex } from '../stores/complex.ts';
import type { IsUnion } from '../types/type-guards.ts';

/** The dtype of each typed array, by the name that the array has for `Object.prototype.toString`. */
interface DTypeByTag {
  Int8Array: 'int8';
  Int16Array: 'int16';
  Int32Array: 'int32';
  BigInt64Array: 'int64';
  Uint8Array: 'uint8';
  Uint8ClampedArray: 'uint8';
  Uint16Array: 'uint16';
  Uint32Array: 'uint32';
  BigUint64Array: 'uint64';
  Float16Array: 'float16';
  Float32Array: 'float32';
  Float64Array: 'float64';
}

/** The dtype of a store; any dtype or undefined if the type of the store is unknown. */
type DTypeOfStore<S> = S extends { readonly dtype: infer D extends DTypeName; readonly raw: unknown }
  ? Extract<DTypeName, D>
  : S extends { readonly [Symbol.toStringTag]: infer Tag extends keyof DTypeByTag }
    ? DTypeByTag[Tag]
    : DTypeName | undefined;

/** The dtype of an array or a store, as `dtypeOf` returns it. */
export type DTypeOf<A> = A extends { readonly data: infer S } ? DTypeOfStore<S> : DTypeOfStore<A>;

/** The dtype of the array that is made of `V` if no dtype is asked for. */
export type DTypeOfInput<V> = V extends { readonly data: infer S }
  ? S extends readonly unknown[]
    ? DTypeOfListIn<V, S>
    : Exclude<DTypeOfStore<S>, undefined>
  : DTypeOfValues<V>;

/** The dtype of a list in the `data` of an array: the array's own `dtype`, or that of the values. */
type DTypeOfListIn<V, S> = V extends { readonly dtype: infer T extends DTypeName | Descr }
  ? DTypeOfDescr<T>
  : DTypeOfValues<S>;

/** The dtype of nested lists. A list without values is float64, as in NumPy. */
export type DTypeOfValues<V> = DTypeOfLeaf<Leaf<V>> | (HasValues<V> extends true ? never : 'float64');

/** The values in nested lists; `unknown` in lists of eight levels and more. */
type Leaf<V, Depth extends readonly 0[] = []> = Depth['length'] extends 8
  ? unknown
  : V extends readonly (infer T)[]
    ? Leaf<T, [...Depth, 0]>
    : V;

/** True if the compiler knows that there is a value in nested lists. */
type HasValues<V> = V extends readonly unknown[]
  ? V extends readonly [infer First, ...unknown[]]
    ? HasValues<First>
    : false
  : true;

type DTypeOfLeaf<L> = [L] extends [never]
  ? 'float64'
  : [L] extends [boolean]
    ? 'bool'
    : [L] extends [number]
      ? 'float64'
      : [L] extends [boolean | number]
        ? 'bool' | 'float64'
        : [L] extends [bigint]
          ? 'int64' | 'uint64'
          : [L] extends [string]
            ? 'str'
            : [L] extends [Date]
              ? 'datetime64'
              : [L] extends [Complex]
                ? 'complex128'
                : DTypeOfRow<L>;

/** Typed arrays and stores are rows. The compiler cannot tell the dtype of rows of several dtypes, or of values beside rows. */
type DTypeOfRow<L, D = DTypeOfStore<L>> = IsUnion<D> extends true ? DTypeName : Exclude<D, undefined>;
