// Nested JavaScript arrays to views and back: `[[1, 2], [3, 4]]` is a 2 x 2 array.
// Without a dtype asked for, the values say it: booleans are bool, numbers float64, bigints int64, { re, im } complex128;
// rows that are typed arrays keep their own.
import { casterTo, type Element, isComplex, reader, writer } from './convert.ts';
import type { DTypeName } from './dtype/dtype.ts';
import { NpyError } from './errors.ts';
import { contiguousStride, MAX_DIMENSIONS, sizeOf } from './layout/shape.ts';
import type { Complex } from './stores/complex.ts';
import { type AnyStore, allocateStore, dtypeOfStore } from './stores/table.ts';
import { checkView, type NpyView, type ViewLike } from './view.ts';

/** A value, a list of values, a list of lists …, all rows of an axis equally long. */
export type Nested = boolean | number | bigint | Complex | AnyStore | readonly Nested[];

/** Nested arrays as `toNested` gives them. */
export type NestedArray<T> = T | NestedArray<T>[];

/**
 * The array that nested lists describe, in fresh memory.
 * @throws NpyError NPY_ARRAY when rows differ in length or values in kind, NPY_VALUE when a value does not fit `dtype`
 */
export function fromNested(values: Nested, dtype?: DTypeName): NpyView {
  const shape = shapeOf(values);
  const leaves: unknown[] = [];
  collect(values, shape, 0, leaves);
  const target = dtype ?? commonDType(values, leaves);
  const data = allocateStore(target, sizeOf(shape));
  const write = writer(data);
  const cast = casterTo(target);
  for (const [i, leaf] of leaves.entries()) write(i, cast(leaf));
  return { dtype: target, shape, stride: contiguousStride(shape, false), offset: 0, data };
}

/**
 * The elements as nested arrays, one level an axis; the element itself for a 0-d array.
 * @throws NpyError NPY_ARRAY, NPY_LIMIT for an axis longer than a list can be, or millions of empty rows
 */
export function toNested(array: ViewLike): NestedArray<Element> {
  const { shape, stride, offset, data } = checkView(array);
  checkRows(shape);
  const read = reader(data);
  const level = (axis: number, position: number): NestedArray<Element> => {
    if (axis === shape.length) return read(position);
    const step = stride[axis] as number;
    return Array.from({ length: shape[axis] as number }, (_, i) => level(axis + 1, position + i * step));
  };
  return level(0, offset);
}

/** No JavaScript list is longer. */
const MAX_LIST = 2 ** 32 - 1;
/** An empty array has as many rows as its header likes to say, and no bytes to show for them. */
const MAX_EMPTY_ROWS = 1_000_000;

function checkRows(shape: readonly number[]): void {
  const empty = shape.indexOf(0);
  // Behind the first axis of 0 no list is made.
  const made = empty < 0 ? shape : shape.slice(0, empty);
  if ((empty < 0 || sizeOf(made) <= MAX_EMPTY_ROWS) && made.every((size) => size <= MAX_LIST)) return;
  throw new NpyError('NPY_LIMIT', `npy: shape (${shape}) is too large for nested lists`, { shape });
}

function rowLength(values: unknown): number | undefined {
  if (Array.isArray(values)) return values.length;
  return dtypeOfStore(values) === undefined ? undefined : (values as AnyStore).length;
}

function shapeOf(values: unknown): number[] {
  const shape: number[] = [];
  let row = values;
  for (let length = rowLength(row); length !== undefined; length = rowLength(row)) {
    shape.push(length);
    if (shape.length > MAX_DIMENSIONS) throw new NpyError('NPY_ARRAY', 'npy: more than 64 nested levels', {});
    row = Array.isArray(row) ? row[0] : undefined;
  }
  return shape;
}

function collect(values: unknown, shape: readonly number[], axis: number, leaves: unknown[]): void {
  const length = rowLength(values);
  if (length !== shape[axis]) {
    throw new NpyError(
      'NPY_ARRAY',
      `npy: ragged rows: expected ${shape[axis] ?? 'a value'}, found ${length ?? 'a value'} on axis ${axis}`,
      {
        axis,
        expected: shape[axis],
        actual: length,
      },
    );
  }
  if (length === undefined) leaves.push(values);
  else if (Array.isArray(values)) for (const value of values) collect(value, shape, axis + 1, leaves);
  else if (axis + 1 === shape.length) for (const value of values as Iterable<unknown>) leaves.push(value);
  else throw new NpyError('NPY_ARRAY', `npy: ragged rows: a flat row on axis ${axis}`, { axis });
}

function commonDType(values: unknown, leaves: readonly unknown[]): DTypeName {
  // A bare value beside typed rows adds `undefined` to the set: then the values decide.
  const rows = new Set(rowDTypes(values));
  const [only] = rows;
  if (rows.size === 1 && only !== undefined) return only;
  const kinds = new Set(leaves.map((leaf) => (isComplex(leaf) ? 'complex' : typeof leaf)));
  const all = (...allowed: string[]): boolean => [...kinds].every((kind) => allowed.includes(kind));
  if (leaves.length === 0) return 'float64';
  if (all('boolean')) return 'bool';
  if (all('boolean', 'number')) return 'float64';
  if (all('boolean', 'bigint')) return (leaves as bigint[]).some((n) => n >= 1n << 63n) ? 'uint64' : 'int64';
  if (all('boolean', 'number', 'complex')) return 'complex128';
  throw new NpyError('NPY_ARRAY', `npy: no dtype for values of ${[...kinds].join(' and ')}: ask for one`, {
    kinds: [...kinds],
  });
}

function* rowDTypes(values: unknown): Generator<DTypeName | undefined> {
  if (Array.isArray(values)) for (const row of values) yield* rowDTypes(row);
  else yield dtypeOfStore(values);
}
