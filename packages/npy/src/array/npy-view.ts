// The plain array that the core speaks: what an ndarray is, without the ndarray package.

import { MAX_DIMENSIONS } from '../dtype/axes.ts';
import type { DType, DTypeName } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { checkBounds, checkSizes, contiguousStride, sizeOf } from '../layout/shape.ts';
import { lengthOfStore, rawOf } from '../stores/native-numbers.ts';
import type { AnyStore, StoreByDType } from '../stores/store-types.ts';
import { checkValueBudget, countValues } from '../stores/value-budget.ts';
import { nameOf } from '../text/quoted.ts';
import { checkSaid, type Layout, layoutOf, type Spellings } from './array-like.ts';

/** An array as the core gives it. Strides and offset count elements of `data`. */
export interface NpyView<D extends DTypeName = DTypeName> {
  readonly dtype: D;
  readonly shape: number[];
  readonly stride: number[];
  readonly offset: number;
  readonly data: StoreByDType[D];
}

/**
 * What the core encodes: a view of its own, an ndarray, or anything of that shape. Without strides the data is in
 * C order; without a shape it is one-dimensional.
 */
export interface ViewLike {
  readonly data: unknown;
  readonly shape?: readonly number[];
  readonly stride?: readonly number[];
  readonly offset?: number;
  /** Whether the first axis is fastest, where there are no strides. What other libraries call it: array-like.ts. */
  readonly fortranOrder?: boolean;
}

/** A view whose parts have been held against each other. */
export interface CheckedView {
  readonly dtype: DTypeName;
  /** In native byte order. */
  readonly type: DType;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly data: AnyStore;
}

/** Tells the dtype of a store and of a spelling, and makes a store of a structured clone of one. */
export interface Stores extends Spellings {
  typeOf(store: unknown): DType | undefined;
  revive(clone: unknown): AnyStore | undefined;
}

/**
 * Fills in what a view leaves out and checks that its elements lie inside its data.
 * @throws NpyError NPY_ARRAY
 */
export function checkView(view: ViewLike, stores: Stores): CheckedView {
  const data = view?.data;
  const type = stores.typeOf(data);
  if (type === undefined) {
    const revived = stores.revive(data);
    if (revived) return checkView({ ...placeOf(view), data: revived }, stores);
    throw noArray(view);
  }
  const store = data as AnyStore;
  const length = lengthOfStore(store, type);
  const isOurs = view.stride !== undefined;
  const place = layoutIn(view);
  const shape = sizesOf(place.shape, 'shape') ?? [length];
  checkSizes(shape, type);
  const stride = sizesOf(place.stride, 'stride') ?? contiguousStride(shape, place.fortranOrder === true);
  checkSaid(view, type, isOurs ? undefined : stores);
  const offset = view.offset ?? 0;
  checkBounds(shape, stride, offset, length);
  return { dtype: type.name, type, shape, stride, offset, data: store };
}

/** Where the elements of a view lie in its data, whatever its library calls that. Not checked yet. */
export function placeOf(view: ViewLike): Omit<ViewLike, 'data'> {
  const { shape, stride, fortranOrder } = layoutIn(view);
  return { shape, stride, fortranOrder, offset: view.offset } as Omit<ViewLike, 'data'>;
}

/** Where a view says all of it by our own names, no other name is looked at. */
function layoutIn(view: ViewLike): Layout {
  return view.stride === undefined || view.offset === undefined ? layoutOf(view) : view;
}

function noArray(view: unknown): NpyError {
  const data = (view as ViewLike | undefined | null)?.data;
  const found = data === undefined ? nameOf(view) : `data of ${nameOf(data)}`;
  return new NpyError('NPY_ARRAY', `npy: expected an array over a typed store, got ${found}`, { found });
}

/** Elements that a view may repeat by its strides, which no file can, where somebody is about to look at each of them. */
const REPEATED = 2 ** 24;

/**
 * Refuses to look at elements one by one that no memory stands for: a header can say that there are a million million
 * without bytes, and a stride of 0 repeats one for ever.
 * @param lists that are made to hold them
 * @throws NpyError NPY_LIMIT
 */
export function checkVisits({ shape, data, type }: Pick<CheckedView, 'shape' | 'data' | 'type'>, lists = 0): void {
  const raw = rawOf(data);
  const brought = ArrayBuffer.isView(raw) ? raw.byteLength : raw.length;
  const elements = sizeOf(shape);
  const isRepeated = elements * (ArrayBuffer.isView(raw) ? type.itemsize : 1) > brought;
  const made = countValues(elements, type, lists);
  if (!isRepeated || made > REPEATED) checkValueBudget(made, brought);
}

/** A copy of a list of sizes. One more than the dimensions allowed is enough to refuse it. */
export function sizesOf(list: unknown, name: 'shape' | 'stride'): number[] | undefined {
  if (list === undefined) return undefined;
  if (Array.isArray(list)) return [...list.slice(0, MAX_DIMENSIONS + 1)];
  throw new NpyError('NPY_ARRAY', `npy: ${name} must be a list of numbers`, { [name]: list });
}
