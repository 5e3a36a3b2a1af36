// field() returns one field of a structured array: a view if its elements lie at multiples of their size, else a copy.
import ndarray from 'ndarray';
import { describe, expect, test } from 'vitest';
import { array, dtypeOf, field, ObjectStore, StructStore, toNested } from '../../src/index.ts';
import { thrownBy } from '../support/npy-files.ts';

const points = array(
  [
    [{ x: 1, y: 10, m: [1, 2] }, { x: 2, y: 20, m: [3, 4] }],
    [{ x: 3, y: 30, m: [5, 6] }, { x: 4, y: 40, m: [7, 8] }],
  ],
  { dtype: [['x', '<f4'], ['y', '<i4'], ['m', '<i2', [2]]] },
); // biome-ignore format: a table

test('is a view: writing to it writes to the structures', () => {
  const x = field(points, 'x', { dtype: 'float32' });
  expect(x.data).toBeInstanceOf(Float32Array);
  expect(toNested(x)).toEqual([[1, 2], [3, 4]]); // biome-ignore format: one line
  x.set(1, 0, 7);
  expect(points.get(1, 0)).toMatchObject({ x: 7, y: 30 });
  x.set(1, 0, 3);
});

test('with a shape adds its axes', () => {
  const m = field(points, 'm');
  expect(m.shape).toEqual([2, 2, 2]);
  expect(toNested(m)).toEqual([[[1, 2], [3, 4]], [[5, 6], [7, 8]]]); // biome-ignore format: one line
  expect(toNested(m.pick(null, null, 1))).toEqual([[2, 4], [6, 8]]); // biome-ignore format: one line
});

test('of a slice is that of its elements', () => {
  expect(toNested(field(points.step(-1, 1).lo(0, 1), 'y'))).toEqual([[40], [20]]);
  expect(toNested(field(points.transpose(1, 0), 'x'))).toEqual([[1, 3], [2, 4]]); // biome-ignore format: one line
});

test('is a copy where its elements do not lie at multiples of their size', () => {
  const packed = array([{ a: 1, b: 2 }, { a: 3, b: 4 }], { dtype: [['a', '|u1'], ['b', '<f8']] }); // biome-ignore format: one line
  const b = field(packed, 'b', { dtype: 'float64' });
  expect([...b.data]).toEqual([2, 4]);
  b.set(0, 9);
  expect(packed.get(0)).toEqual({ a: 1, b: 2 });
  expect(toNested(field(packed, 'a'))).toEqual([1, 3]);
});

test('is found by its title, and may be a structure itself', () => {
  const nested = array([{ p: { x: 1, y: 2 } }], { dtype: [[['position', 'p'], [['x', '|i1'], ['y', '|i1']]]] }); // biome-ignore format: one line
  const p = field(nested, 'position');
  expect(p.data).toBeInstanceOf(StructStore);
  expect(toNested(field(p, 'y'))).toEqual([2]);
});

test('may be an array of arrays', () => {
  const grid = new StructStore([['g', ['<i2', [2]], [3]]], 1);
  grid.set(0, { g: [[1, 2], [3, 4], [5, 6]] }); // biome-ignore format: one line
  expect(toNested(field({ data: grid }, 'g'))).toEqual([[[1, 2], [3, 4], [5, 6]]]); // biome-ignore format: one line
});

test('of objects is a copy of them', () => {
  const data = new ObjectStore([[1, 'a'], [2, 'b']], [['n', '<i4'], ['o', '|O']]); // biome-ignore format: one line
  const o = field(ndarray(data as never, [2]), 'o');
  expect(dtypeOf(o)).toBe('object');
  expect(toNested(o)).toEqual(['a', 'b']);
});

describe('refuses', () => {
  test('arrays that have no fields, invalid fields, and other dtypes than asked for', () => {
    expect(thrownBy(() => field(array([1]), 'x'))).toMatchObject({
      code: 'NPY_DTYPE',
      fault: 'caller',
      message: 'npy: float64 has no fields',
    });
    expect(thrownBy(() => field(points, 'z'))).toMatchObject({
      code: 'NPY_VALUE',
      message: 'npy: no field "z" among x, y, m',
    });
    expect(thrownBy(() => field(points, 'x', { dtype: 'int8' }))).toMatchObject({
      code: 'NPY_DTYPE',
      detail: { expected: 'int8', actual: 'float32' },
    });
    for (const nothing of [null, undefined, 5, {}, []])
      expect(thrownBy(() => field(nothing as never, 'x'))).toMatchObject({ code: 'NPY_ARRAY' });
  });
});
