// Nested lists to arrays and back. A list of lists is an axis more; a typed array or a store is a row; text, a Date and a
// record of fields are values.

import { awaitHint } from '../arguments/hints.ts';
import type { Element } from '../array/convert.ts';
import { checkVisits, type NpyView, type ViewLike } from '../array/npy-view.ts';
import { checkAxes } from '../dtype/axes.ts';
import type { Descr } from '../dtype/descr.ts';
import { type DType, type DTypeName, dtypeNamed, dtypeSized } from '../dtype/dtype.ts';
import { checkAny } from '../dtype-set/all-dtypes.ts';
import { NpyError } from '../errors.ts';
import { contiguousStride, sizeOf } from '../layout/shape.ts';
import { checkLength } from '../memory/allocate.ts';
import { reader, writer } from '../stores/access.ts';
import { casterTo } from '../stores/cast.ts';
import { cannotHold, complexOf } from '../stores/check-value.ts';
import { widthOf } from '../stores/element-width.ts';
import { allocateOf, dtypeOfStore, parseDType } from '../stores/store-table.ts';
import type { AnyStore } from '../stores/store-types.ts';
import { countLists } from '../stores/value-budget.ts';
import { nameOf } from '../text/quoted.ts';

/** A value, a list of values, a list of lists …, all rows of an axis equally long. */
export type Nested = Element | Date | AnyStore | Uint8ClampedArray | BigInt64Array | BigUint64Array | readonly Nested[];

/** Nested arrays as `toNested` gives them. */
export type NestedArray<T> = T | NestedArray<T>[];

/**
 * The array that nested lists describe, in fresh memory. Without a dtype the values say it: booleans, numbers (float64),
 * bigints (int64, or uint64 where one is too large), complex numbers, texts (as wide as the longest), Dates (milliseconds).
 *
 * @param dtype a name or a descr; of `str` and `bytes` without a width, the values' own
 * @throws NpyError NPY_ARRAY when rows differ in length or values in kind, NPY_VALUE when a value does not fit `dtype`,
 *   NPY_DESCR, NPY_LIMIT for more than 2^27 values
 */
export function fromNested(values: Nested, dtype?: DTypeName | Descr): NpyView {
  // Where bytes are the values, they are no rows.
  const wanted = dtype === undefined || dtype === null ? undefined : parseDType(dtype);
  const bytesAreValues = wanted?.kind === 'S' || wanted?.name === 'void';
  const rows: Rows = (value) => (bytesAreValues && value instanceof Uint8Array ? undefined : rowLength(value));
  const shape = shapeOf(values, rows);
  checkRows(shape, MAX_ELEMENTS);
  const size = sizeOf(shape);
  const leaves: Leaves = { values: [], rows: new Set(), isBare: false, hasHole: false };
  collect(values, rows, shape, 0, leaves);
  const type = wanted ? sized(wanted, leaves.values) : commonType(leaves);
  if (leaves.hasHole) throw cannotHold(type.name, undefined, 'undefined', { dtype: type.name });
  const data = allocateOf(type, size);
  const write = writer(data);
  const cast = casterTo(type);
  for (let i = 0; i < size; i++) write(i, cast(leaves.values[i]));
  return { dtype: type.name, shape, stride: contiguousStride(shape, false), offset: 0, data };
}

/**
 * The elements as nested arrays, one level an axis; the element itself for a 0-d array.
 * @throws NpyError NPY_ARRAY, NPY_VALUE for a text that cannot be read, NPY_LIMIT for more values and
 *   lists than the array's bytes stand for: 8 of each byte, and 10 000 besides
 */
export function toNested(array: ViewLike): NestedArray<Element> {
  const view = checkAny(array);
  const { shape, stride, offset, data } = view;
  checkVisits(view, countLists(shape));
  checkRows(shape, MAX_LIST);
  const read = reader(data);
  const level = (axis: number, position: number): NestedArray<Element> => {
    if (axis === shape.length) return read(position) as Element;
    const step = stride[axis] as number;
    return Array.from({ length: shape[axis] as number }, (_, i) => level(axis + 1, position + i * step));
  };
  return level(0, offset);
}

/** No JavaScript list is longer. */
const MAX_LIST = 2 ** 32 - 1;
/** A list of more values takes most of a machine, or all of it. */
const MAX_ELEMENTS = 2 ** 27;
function checkRows(shape: readonly number[], most: number): void {
  const empty = shape.indexOf(0);
  // Behind the first axis of 0 no list is read or made.
  if (sizeOf(empty < 0 ? shape : shape.slice(0, empty)) <= most) return;
  throw new NpyError('NPY_LIMIT', `npy: shape (${shape}) is too large for nested lists`, { shape });
}

/** The length of a row; undefined for a value. */
type Rows = (value: unknown) => number | undefined;

function rowLength(value: unknown): number | undefined {
  const isRow = Array.isArray(value) || dtypeOfStore(value) !== undefined;
  return isRow ? checkLength((value as AnyStore).length) : undefined;
}

function shapeOf(values: unknown, rows: Rows): number[] {
  const shape: number[] = [];
  let row = values;
  for (let length = rows(row); length !== undefined; length = rows(row)) {
    shape.push(length);
    checkAxes(shape.length, 0, 'caller');
    row = Array.isArray(row) ? row[0] : undefined;
  }
  return shape;
}

/** The values of nested lists, and where they come from. */
interface Leaves {
  readonly values: unknown[];
  /** The dtypes of typed rows. */
  readonly rows: Set<DType>;
  /** Whether there are values outside of typed rows. */
  isBare: boolean;
  /** No value is undefined. Behind the first that is nothing is read: a list may have more holes than there is memory. */
  hasHole: boolean;
}

/** Takes what lies in one list. A length is read once, and held against those of the rows before. */
function collect(values: unknown, rows: Rows, shape: readonly number[], axis: number, leaves: Leaves): void {
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
      checkVisits({ type, data: values as AnyStore, shape: [length] });
    }
    const read = reader(values as AnyStore);
    for (let i = 0; i < length; i++) leaves.values.push(read(i));
  }
}

/** `str`, `S`, `<M8` and others without a width or unit: as wide as the values, in milliseconds for Dates. */
function sized(type: DType, leaves: readonly unknown[]): DType {
  const { name, unit, itemsize } = type;
  if (name === 'datetime64' && unit?.name === 'generic' && leaves.some((leaf) => leaf instanceof Date))
    return MILLISECONDS;
  if (itemsize > 0 || (name !== 'str' && name !== 'bytes' && name !== 'void')) return type;
  return dtypeSized(name, { itemsize: widthOf(name, leaves) });
}

const MILLISECONDS: DType = /* @__PURE__ */ dtypeSized('datetime64', { unit: { name: 'ms', count: 1 } });

function commonType({ values, rows, isBare }: Leaves): DType {
  // Where there are bare values beside typed rows, the values decide.
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
  const found = [...new Set(values.slice(0, 1000).map(foundOf))];
  const hint = values.map(awaitHint).find(Boolean);
  const message = `npy: no dtype for values of ${found.slice(0, 5).join(' and ')}: ${hint ?? 'ask for one'}`;
  throw new NpyError('NPY_ARRAY', message, { ...(hint && { hint }), kinds: found });
}

function kindOf(leaf: unknown): string {
  if (typeof leaf !== 'object') return typeof leaf;
  return complexOf(leaf) ? 'complex' : leaf instanceof Date ? 'Date' : 'object';
}

/** The kind, in words. */
function foundOf(leaf: unknown): string {
  const kind = kindOf(leaf);
  return kind === 'object' ? nameOf(leaf) : kind;
}
