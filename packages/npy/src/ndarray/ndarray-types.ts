// The types of ndarrays over the stores of this package. Arrays of numbers have their type of @types/ndarray.
import type ndarray from 'ndarray';
import type { DTypeName } from '../dtype/dtype.ts';
import type { ElementOf, SetElementOf, StoreByDType } from '../stores/store-types.ts';

/** An ndarray of dtype `D`, whatever its elements are. */
export interface TypedNdArray<D extends DTypeName = DTypeName> {
  /** The store that holds the elements. */
  readonly data: StoreByDType[D];
  /**
   * The name that ndarray gives to the class of `data`, which is not always NumPy's: `generic` for every store that is not a typed array,
   * `bigint64` for int64. `dtypeOf(array)` is NumPy's name.
   */
  readonly dtype: NameInNdArray<D>;
  /** Elements along each axis. */
  readonly shape: number[];
  /** Steps between neighbours along each axis, in elements of `data`. */
  readonly stride: number[];
  /** The position of the first element in `data`. */
  readonly offset: number;
  /** Number of elements. */
  readonly size: number;
  /** Number of axes. */
  readonly dimension: number;
  /** The axes from the shortest stride to the longest. */
  readonly order: number[];
  /** Returns an element. */
  get(...index: number[]): ElementOf<D>;
  /** Stores an element, the last argument. */
  set(...indexThenValue: SetArguments<D>): unknown;
  /** Returns the position of an element in `data`. */
  index(...index: number[]): number;
  /** Returns a view from these indices on. */
  lo(...from: number[]): TypedNdArray<D>;
  /** Returns a view of these sizes. */
  hi(...size: number[]): TypedNdArray<D>;
  /** Returns a view of every n-th element of each axis, in reverse for a negative n. */
  step(...by: number[]): TypedNdArray<D>;
  /** Returns a view with the axes in this order. */
  transpose(...axes: number[]): TypedNdArray<D>;
  /** Returns a view of the elements at these indices. An axis with `null` is kept. */
  pick(...index: (number | null)[]): TypedNdArray<D>;
}

/** The dtypes that have the same name in NumPy and in ndarray. */
type NameOfBoth = 'int8' | 'int16' | 'int32' | 'uint8' | 'uint16' | 'uint32' | 'float32' | 'float64';

type NameInNdArray<D extends DTypeName> = D extends NameOfBoth
  ? D
  : D extends 'float16'
    ? 'float16' | 'generic'
    : D extends 'int64' | 'uint64'
      ? `big${D}`
      : 'generic';

// If the value may be a number, index and value are one list, so that arrays of numbers are assignable to arrays of any dtype.
type SetArguments<D extends DTypeName> =
  number extends SetElementOf<D> ? (number | SetElementOf<D>)[] : [...index: number[], value: SetElementOf<D>];

/** The `NdArray` of @types/ndarray if all elements are numbers, so that functions of other packages take the array. */
type NdArrayOver<D extends DTypeName> = [SetElementOf<D>] extends [number]
  ? StoreByDType[D] extends infer S extends ndarray.Data
    ? ndarray.NdArray<S>
    : TypedNdArray<D>
  : TypedNdArray<D>;

/** An ndarray of one of the dtypes `D`. */
export type NdArrayOf<D extends DTypeName> = { [K in D]: NdArrayOver<K> }[D];

/** An ndarray of any dtype: one type for each, which `hasDType` and the array's own `dtype` tell apart. */
export type AnyNdArray = NdArrayOf<DTypeName>;
