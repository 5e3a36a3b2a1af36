// A list from a caller may have holes, as `new Array(3)` has. Each function that takes a list refuses such a list with an NpyError.
import { expect, test } from 'vitest';
import { array, encode } from '../../src/index.ts';
import { StructStore } from '../../src/stores/struct.ts';
import { thrownBy } from '../support/npy-files.ts';

/** The items, and one hole behind them. */
const holed = (...items: unknown[]): never => Object.assign(new Array(items.length + 1), items) as never;

const data = new Float32Array(6);

test.each<[string, () => unknown]>([
  ['a shape', () => encode({ data, shape: holed(2, 3) })],
  ['strides', () => encode({ data, shape: [2, 3, 1], stride: holed(3, 1) })],
  ['the shape of a new array', () => array(data, { shape: holed(2, 3) })],
  ['nested data', () => array(holed(1, 2))],
  ['nested data of a dtype', () => array(holed(1, 2), { dtype: 'int8' })],
  ['nested objects', () => array(holed(1, 2), { dtype: 'object' })],
  ['rows', () => array(holed([1], [2]))],
  ['a row', () => array([holed(1, 2), [1, 2, 3]])],
  ['fields', () => array([], { dtype: holed(['x', '<f4']) })],
  ['a field', () => array([], { dtype: [holed('x', '<f4', [2])] })],
  ['the title and name of a field', () => array([], { dtype: [[holed('title', 'x'), '<f4']] })],
  ['the shape of a field', () => array([], { dtype: [['x', '<f4', holed(2, 3)]] })],
  ['a format version', () => encode({ data }, { version: holed(1) })],
  ['the values of a structure', () => new StructStore([['x', '<i4'], ['y', '<i4']], 1).set(0, holed(1))], // biome-ignore format: one line
  ['the values of a field', () => new StructStore([['x', '<i4', [2]]], 1).set(0, [holed(1)])],
])('%s', (_, use) => {
  expect(thrownBy(use)).toMatchObject({
    name: 'NpyError',
    code: expect.stringMatching(/^NPY_(ARRAY|SHAPE|VALUE|DESCR|VERSION)$/),
  });
});
