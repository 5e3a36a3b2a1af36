// NpyView, the array of @bridge/npy/core: a plain object with the parts of an ndarray, made without the ndarray package; and the checks of
// such objects that callers pass.

import { MAX_DIMENSIONS } from '../dtype/axes.ts';
import type { DType, DTypeName } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { checkBounds, checkSizes, contiguousStride, sizeOf } from '../layout/shape.ts';
import { lengthOfStore, rawOf } from '../stores/number-stores.ts';
import type { AnyStore, StoreByDType } from '../stores/store-types.ts';
import { checkValueBudget, countValues } from '../stores/value-budget.ts';
import { nameOf } from '../text/quoted.ts';
import { checkDeclaredDType, type DTypeParser, type Layout, layoutOf } from './declared-layout.ts';

/** An array that the core returns, of one of the dtypes `D`. Its `dtype` tells the compiler which `data` it has. */
export type NpyView<D extends DTypeName = DTypeName> = { [K in D]: TypedView<K> }[D];

/** An array of dtype `D`. Strides and offset count elements of `data`. */
export interface TypedView<D extends DTypeName = DTypeName> {
  /** NumPy's name of the dtype. */
  readonly dtype: D;
  /** Elements along each axis; empty for a 0-d array. */
  readonly shape: number[];
  /** Steps between neighbours along each axis, in elements of `data`. */
  readonly stride: number[];
  /** The position of the first element in `data`. */
  readonly offset: number;
  /** The store that holds the elements. */
  readonly data: StoreByDType[D];
}

/**
 * An array that the core encodes: an NpyView, an ndarray, or any object with such properties. Without strides the data is in
 * C order; without a shape it is one-dimensional.
 */
export interface ViewLike {
  /** A typed array or a store. */
  readonly data: unknown;
  /** Elements along each axis. */
  readonly shape?: readonly number[];
  /** Steps between neighbours along each axis, in elements of `data`. */
  readonly stride?: readonly number[];
  /** The position of the first element in `data`. Default: 0. */
  readonly offset?: number;
  /** True if the first axis is fastest; used if there are no strides. declared-layout.ts lists the names that other libraries have for it. */
  readonly fortranOrder?: boolean;
}

/** A view whose shape, strides and offset were checked against its data. */
export interface CheckedView {
  readonly dtype: DTypeName;
  /** The dtype, in native byte order. */
  readonly type: DType;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly data: AnyStore;
}

/** The functions of a set of dtypes for the stores that a view may have. */
export interface ViewStores extends DTypeParser {
  /** Returns the dtype of a store; undefined for anything else. */
  typeOf(store: unknown): DType | undefined;
  /** Makes a store again of its structured clone; returns undefined for anything else. */
  revive(clone: unknown): AnyStore | undefined;
}

/**
 * Fills in the parts that a view leaves out and checks that its elements lie inside its data.
 * @throws NpyError NPY_ARRAY
 */
export function checkView(view: ViewLike, stores: ViewStores): CheckedView {
  const data = view?.data;
  const type = stores.typeOf(data);
  if (type === undefined) {
    const revived = stores.revive(data);
    if (revived) return checkView({ ...layoutOfView(view), data: revived }, stores);
    throw notAnArray(view);
  }
  const store = data as AnyStore;
  const length = lengthOfStore(store, type);
  const isOwn = view.stride !== undefined;
  const layout = findLayout(view);
  const shape = copySizes(layout.shape, 'shape') ?? [length];
  checkSizes(shape, type);
  const stride = copySizes(layout.stride, 'stride') ?? contiguousStride(shape, layout.fortranOrder === true);
  checkDeclaredDType(view, type, isOwn ? undefined : stores);
  const offset = view.offset ?? 0;
  checkBounds(shape, stride, offset, length);
  return { dtype: type.name, type, shape, stride, offset, data: store };
}

/** Returns the layout of a view, under the names of this package. It is not checked yet. */
export function layoutOfView(view: ViewLike): Omit<ViewLike, 'data'> {
  const { shape, stride, fortranOrder } = findLayout(view);
  return { shape, stride, fortranOrder, offset: view.offset } as Omit<ViewLike, 'data'>;
}

/** Returns the layout of a view. Names of other libraries are looked at only if `stride` or `offset` is missing. */
function findLayout(view: ViewLike): Layout {
  return view.stride === undefined || view.offset === undefined ? layoutOf(view) : view;
}

function notAnArray(view: unknown): NpyError {
  const data = (view as ViewLike | undefined | null)?.data;
  const found = data === undefined ? nameOf(view) : `data of ${nameOf(data)}`;
  return new NpyError('NPY_ARRAY', `npy: expected an array with a shape and typed data, got ${found}`, { found });
}

/** The most values that a view whose strides repeat elements may have whatever its memory is. No file has such strides. */
const MAX_REPEATED_VALUES = 2 ** 24;

/**
 * Checks that a view does not have too many elements to visit each. They may be far more than its memory: a header can declare 10^12
 * elements without bytes, and a stride of 0 repeats one element.
 * @param lists the number of lists that are made to hold the elements
 * @throws NpyError NPY_LIMIT
 */
export function checkElementCount(
  { shape, data, type }: Pick<CheckedView, 'shape' | 'data' | 'type'>,
  lists = 0,
): void {
  const raw = rawOf(data);
  const available = ArrayBuffer.isView(raw) ? raw.byteLength : raw.length;
  const elements = sizeOf(shape);
  const isRepeated = elements * (ArrayBuffer.isView(raw) ? type.itemsize : 1) > available;
  const values = countValues(elements, type, lists);
  if (!isRepeated || values > MAX_REPEATED_VALUES) checkValueBudget(values, available);
}

/** Copies a list of sizes or strides, but not much more than the limit of a list that is too long. @throws NpyError NPY_ARRAY */
export function copySizes(list: unknown, name: 'shape' | 'stride'): number[] | undefined {
  if (list === undefined) return undefined;
  if (Array.isArray(list)) return [...list.slice(0, MAX_DIMENSIONS + 1)];
  throw new NpyError('NPY_ARRAY', `npy: ${name} must be a list of numbers`, { [name]: list });
}
