// Converts nested lists to arrays and back. Each level of lists is an axis. A typed array or a store is a row; text, a Date and a record of
// fields are values.

import { awaitHint } from '../arguments/hints.ts';
import type { Element } from '../array/convert.ts';
import type { DTypeOf, DTypeOfValues } from '../array/dtype-of.ts';
import { checkElementCount, type NpyView, type TypedView, type ViewLike } from '../array/npy-view.ts';
import { checkAxes } from '../dtype/axes.ts';
import type { Descr, DTypeOfDescr } from '../dtype/descr.ts';
import { type DType, type DTypeName, dtypeNamed, dtypeSized } from '../dtype/dtype.ts';
import { checkAny } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { contiguousStride, sizeOf } from '../layout/shape.ts';
import { checkLength } from '../memory/allocate.ts';
import { reader, writer } from '../stores/access.ts';
import { cannotHold, complexOf } from '../stores/check-value.ts';
import { allocateOf, dtypeOfStore, parseDType } from '../stores/store-table.ts';
import type { AnyStore, ElementOf } from '../stores/store-types.ts';
import { widthOf } from '../stores/text-and-bytes-width.ts';
import { countLists } from '../stores/value-budget.ts';
import { casterTo } from '../stores/value-cast.ts';
import { nameOf } from '../text/quoted.ts';

/** A value, a list of values, a list of lists …, where all rows of an axis have the same length. */
export type Nested = Element | Date | AnyStore | Uint8ClampedArray | BigInt64Array | BigUint64Array | readonly Nested[];

/** The elements of an array of dtype `D`: of an object array any values, of an array of unknown dtype any `Element`. */
type NestedElement<D> = [D] extends ['object']
  ? unknown
  : [D] extends [Exclude<DTypeName, 'object'>]
    ? ElementOf<D>
    : Element;

/** The nested lists that `toNested` returns. */
export type NestedArray<T> = T | NestedArray<T>[];

/**
 * Makes an array of nested lists, in fresh memory. Without a dtype the values determine it: booleans, numbers (float64), bigints
 * (int64, or uint64 if one is too large), complex numbers, strings (as wide as the longest), Dates (milliseconds).
 *
 * @param dtype a name or a descr; `str` and `bytes` without a width get that of the values
 * @throws NpyError NPY_ARRAY if rows differ in length or values in kind, NPY_VALUE if a value does not fit `dtype`, NPY_DESCR,
 *   NPY_LIMIT for more than 2^27 values
 */
export function fromNested<const V extends Nested, T extends DTypeName | Descr = DTypeOfValues<V>>(
  values: V,
  dtype?: T,
): NpyView<DTypeOfDescr<T>>;
export function fromNested(values: Nested, dtype?: DTypeName | Descr): TypedView {
  // In an array of bytes a Uint8Array is a value, elsewhere a row.
  const wanted = dtype === undefined || dtype === null ? undefined : parseDType(dtype);
  const bytesAreValues = wanted?.kind === 'S' || wanted?.name === 'void';
  const rows: RowLength = (value) => (bytesAreValues && value instanceof Uint8Array ? undefined : rowLength(value));
  const shape = shapeOf(values, rows);
  checkRows(shape, MAX_ELEMENTS);
  const size = sizeOf(shape);
  const leaves: Leaves = { values: [], rows: new Set(), isBare: false, hasHole: false };
  collect(values, rows, shape, 0, leaves);
  const type = wanted ? withWidth(wanted, leaves.values) : commonType(leaves);
  if (leaves.hasHole) throw cannotHold(type.name, undefined, 'undefined', { dtype: type.name });
  const data = allocateOf(type, size);
  const write = writer(data);
  const cast = casterTo(type);
  for (let i = 0; i < size; i++) write(i, cast(leaves.values[i]));
  return { dtype: type.name, shape, stride: contiguousStride(shape, false), offset: 0, data };
}

/**
 * Returns the elements as nested lists, one level for each axis; for a 0-d array the element itself.
 * @throws NpyError NPY_ARRAY, NPY_VALUE for an invalid code point, NPY_LIMIT for more values and lists than 8 for each byte of the array
 *   and 10 000 more
 */
export function toNested<A extends ViewLike>(array: A): NestedArray<NestedElement<DTypeOf<A>>>;
export function toNested(array: ViewLike): NestedArray<Element> {
  const view = checkAny(array);
  const { shape, stride, offset, data } = view;
  checkElementCount(view, countLists(shape));
  checkRows(shape, MAX_LIST);
  const read = reader(data);
  const level = (axis: number, position: number): NestedArray<Element> => {
    if (axis === shape.length) return read(position) as Element;
    const step = stride[axis] as number;
    return Array.from({ length: shape[axis] as number }, (_, i) => level(axis + 1, position + i * step));
  };
  return level(0, offset);
}

/** The longest list that JavaScript allows. */
const MAX_LIST = 2 ** 32 - 1;
/** The most values that are made from nested lists. More would take most of a machine's memory. */
const MAX_ELEMENTS = 2 ** 27;
function checkRows(shape: readonly number[], most: number): void {
  const empty = shape.indexOf(0);
  // No list is read or made behind the first axis of size 0.
  if (sizeOf(empty < 0 ? shape : shape.slice(0, empty)) <= most) return;
  throw new NpyError('NPY_LIMIT', `npy: shape (${shape}) is too large for nested lists`, { shape });
}

/** A function that returns the length of a row; undefined for a value. */
type RowLength = (value: unknown) => number | undefined;

function rowLength(value: unknown): number | undefined {
  const isRow = Array.isArray(value) || dtypeOfStore(value) !== undefined;
  return isRow ? checkLength((value as AnyStore).length) : undefined;
}

function shapeOf(values: unknown, rows: RowLength): number[] {
  const shape: number[] = [];
  let row = values;
  for (let length = rows(row); length !== undefined; length = rows(row)) {
    shape.push(length);
    checkAxes(shape.length, 0, 'caller');
    row = Array.isArray(row) ? row[0] : undefined;
  }
  return shape;
}

/** The values of nested lists, and the kinds of rows that they come from. */
interface Leaves {
  readonly values: unknown[];
  /** The dtypes of typed rows. */
  readonly rows: Set<DType>;
  /** True if a value is not in a typed row. */
  isBare: boolean;
  /** True if a value is undefined, which no dtype can hold. Reading stops there, since a sparse list may have billions of holes. */
  hasHole: boolean;
}

/** Collects the values of a list, and checks the length of each row against the shape. */
function collect(values: unknown, rows: RowLength, shape: readonly number[], axis: number, leaves: Leaves): void {
  const length = rows(values);
  if (values === undefined) leaves.hasHole = true;
  else if (length !== shape[axis]) {
    throw new NpyError(
      'NPY_ARRAY',
      `npy: ragged rows: expected ${shape[axis] ?? 'a value'}, found ${length ?? 'a value'} on axis ${axis}`,
      { axis, expected: shape[axis], actual: length },
    );
  }
  if (length === undefined) {
    leaves.isBare = true;
    leaves.values.push(values);
  } else if (Array.isArray(values)) {
    for (let i = 0; i < length && !leaves.hasHole; i++) collect(values[i], rows, shape, axis + 1, leaves);
  } else {
    if (axis + 1 < shape.length)
      throw new NpyError('NPY_ARRAY', `npy: ragged rows: a flat row on axis ${axis}`, { axis });
    const type = dtypeOfStore(values);
    if (type) {
      leaves.rows.add(type);
      checkElementCount({ type, data: values as AnyStore, shape: [length] });
    }
    const read = reader(values as AnyStore);
    for (let i = 0; i < length; i++) leaves.values.push(read(i));
  }
}

/** Completes a dtype without a width or unit, such as `str`, `S` and `<M8`: with the width of the values, or milliseconds for Dates. */
function withWidth(type: DType, leaves: readonly unknown[]): DType {
  const { name, unit, itemsize } = type;
  if (name === 'datetime64' && unit?.name === 'generic' && leaves.some((leaf) => leaf instanceof Date))
    return MILLISECONDS;
  if (itemsize > 0 || (name !== 'str' && name !== 'bytes' && name !== 'void')) return type;
  return dtypeSized(name, { itemsize: widthOf(name, leaves) });
}

const MILLISECONDS: DType = /* @__PURE__ */ dtypeSized('datetime64', { unit: { name: 'ms', count: 1 } });

function commonType({ values, rows, isBare }: Leaves): DType {
  // The dtype of typed rows is used only if all rows have it, and no value is outside of them.
  const [only, ...others] = new Map(Array.from(rows, (type) => [JSON.stringify(type), type])).values();
  if (only && others.length === 0 && !isBare) return only;
  const kinds = new Set(values.map(kindOf));
  const all = (...allowed: string[]): boolean => [...kinds].every((kind) => allowed.includes(kind));
  if (values.length === 0) return dtypeNamed('float64');
  if (all('boolean')) return dtypeNamed('bool');
  if (all('boolean', 'number')) return dtypeNamed('float64');
  if (all('boolean', 'bigint')) {
    return dtypeNamed((values as bigint[]).some((n) => n >= 1n << 63n) ? 'uint64' : 'int64');
  }
  if (all('boolean', 'number', 'complex')) return dtypeNamed('complex128');
  if (all('string')) return dtypeSized('str', { itemsize: widthOf('str', values) });
  if (all('Date')) return MILLISECONDS;
  const found = [...new Set(values.slice(0, 1000).map(describeKind))];
  const hint = values.map(awaitHint).find(Boolean);
  const message = `npy: no dtype for values of ${found.slice(0, 5).join(' and ')}: ${hint ?? 'give a dtype'}`;
  throw new NpyError('NPY_ARRAY', message, { ...(hint && { hint }), kinds: found });
}

function kindOf(leaf: unknown): string {
  if (typeof leaf !== 'object') return typeof leaf;
  return complexOf(leaf) ? 'complex' : leaf instanceof Date ? 'Date' : 'object';
}

/** Returns the kind of a value as a message shows it. */
function describeKind(leaf: unknown): string {
  const kind = kindOf(leaf);
  return kind === 'object' ? nameOf(leaf) : kind;
}
