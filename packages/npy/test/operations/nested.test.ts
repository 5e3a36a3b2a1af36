// fromNested makes arrays of nested lists, and toNested makes nested lists of arrays.
import { describe, expect, test } from 'vitest';
import { BoolStore, toNested } from '../../src/core.ts';
import { fromNested, type Nested } from '../../src/operations/nested.ts';
import { thrownBy } from '../support/npy-files.ts';

describe('fromNested', () => {
  test.each<[string, Nested, string, number[]]>([
    ['a number', 5, 'float64', []],
    ['a boolean', true, 'bool', []],
    ['a bigint', 5n, 'int64', []],
    ['a complex number', { re: 1, im: 2 }, 'complex128', []],
    ['nothing', [], 'float64', [0]],
    ['empty rows', [[], []], 'float64', [2, 0]],
    [
      'numbers',
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
      'float64',
      [2, 3],
    ],
    ['booleans', [true, false], 'bool', [2]],
    ['booleans and numbers', [true, 2], 'float64', [2]],
    ['bigints', [1n, -1n], 'int64', [2]],
    ['bigints past 2^63', [1n, 2n ** 63n], 'uint64', [2]],
    ['booleans and bigints', [true, 2n], 'int64', [2]],
    ['complex numbers and numbers', [{ re: 1, im: 2 }, 3], 'complex128', [2]],
    ['typed rows', [Uint8Array.of(1, 2), Uint8Array.of(3, 4)], 'uint8', [2, 2]],
    ['rows of a store', [new BoolStore(2)], 'bool', [1, 2]],
    ['typed rows of two kinds', [Uint8Array.of(1, 2), Int8Array.of(3, 4)], 'float64', [2, 2]],
    ['a typed row and a list', [Float32Array.of(1, 2), [1.1, 2.2]], 'float64', [2, 2]],
    ['a typed array', Int16Array.of(1, 2), 'int16', [2]],
  ])('%s', (_, values, dtype, shape) => {
    expect(fromNested(values)).toMatchObject({ dtype, shape, offset: 0 });
  });

  test('keeps values that only a wider dtype can hold', () => {
    expect(toNested(fromNested([Float32Array.of(1), [1.1]]))).toEqual([[1], [1.1]]);
  });

  test('is fresh memory', () => {
    const row = Float32Array.of(1, 2);
    expect((fromNested(row).data as Float32Array).buffer).not.toBe(row.buffer);
  });

  test.each<[string, unknown, string]>([
    ['a short row', [[1, 2], [3]], 'npy: ragged rows: expected 2, found 1 on axis 1'],
    ['a value among rows', [[1, 2], 3], 'npy: ragged rows: expected 2, found a value on axis 1'],
    ['a row among values', [1, [2]], 'npy: ragged rows: expected a value, found 1 on axis 1'],
    ['a flat row among nested ones', [[[1]], Uint8Array.of(1)], 'npy: ragged rows: a flat row on axis 1'],
    ['text and numbers', ['a', 1], 'npy: no dtype for values of string and number: give a dtype'],
    ['numbers and bigints', [1, 2n], 'npy: no dtype for values of number and bigint: give a dtype'],
    ['null', null, 'npy: no dtype for values of null: give a dtype'],
    ['undefined', undefined, 'npy: no dtype for values of undefined: give a dtype'],
    ['a hole', Object.assign([1], { 2: 3 }), 'npy: no dtype for values of number and undefined: give a dtype'],
    ['a Map', [new Map()], 'npy: no dtype for values of Map: give a dtype'],
    ['a symbol', Symbol('s'), 'npy: no dtype for values of symbol: give a dtype'],
  ])('refuses %s', (_, values, message) => {
    expect(thrownBy(() => fromNested(values as Nested))).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller', message });
  });

  test('refuses more than 64 levels, and a list inside itself', () => {
    let deep: Nested = 1;
    for (let i = 0; i < 64; i++) deep = [deep];
    expect(fromNested(deep).shape).toHaveLength(64);
    expect(thrownBy(() => fromNested([deep]))).toMatchObject({
      code: 'NPY_ARRAY',
      fault: 'caller',
      message: 'npy: 65 dimensions are more than 64',
    });
    const cycle: Nested[] = [];
    cycle.push(cycle);
    expect(thrownBy(() => fromNested(cycle))).toMatchObject({ code: 'NPY_ARRAY' });
  });

  test.each(['nope', 'struct', '__proto__', 5, null])('refuses %s as a dtype', (dtype) => {
    if (dtype === null) expect(fromNested([1], dtype as unknown as 'float64').dtype).toBe('float64');
    else expect(thrownBy(() => fromNested([1], dtype as never))).toMatchObject({ code: 'NPY_DESCR', fault: 'caller' });
  });
});

describe('toNested', () => {
  test('gives one level an axis, and the element itself for none', () => {
    expect(toNested({ data: Int8Array.of(1, 2, 3, 4, 5, 6), shape: [3, 2], stride: [1, 3] })).toEqual([
      [1, 4],
      [2, 5],
      [3, 6],
    ]);
    expect(toNested({ data: Int8Array.of(1, 2, 3), shape: [], offset: 1 })).toBe(2);
    expect(toNested({ data: new Int8Array(0), shape: [2, 0, 3] })).toEqual([[], []]);
  });

  test('refuses an empty array of a million million rows, and an axis longer than a list', () => {
    const data = new Uint8Array(1);
    expect(thrownBy(() => toNested({ data, shape: [10 ** 12, 0] }))).toMatchObject({
      code: 'NPY_LIMIT',
      message: 'npy: 1000000000001 values and lists are more than 8 for each of 1 bytes and 10000 more',
    });
    expect(thrownBy(() => toNested({ data, shape: [10 ** 4, 10 ** 4, 0] }))).toMatchObject({ code: 'NPY_LIMIT' });
    expect(thrownBy(() => toNested({ data, shape: [2 ** 33], stride: [0] }))).toMatchObject({ code: 'NPY_LIMIT' });
    expect(toNested({ data, shape: [0, 10 ** 12] })).toEqual([]);
  });
});
