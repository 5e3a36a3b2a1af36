// Files of a few bytes that declare millions of elements without bytes, or elements that are lists of a million empty lists: the number of
// values made of them is limited.
import { describe, expect, test } from 'vitest';
import { array, decode, encode, field, StructStore, toNested } from '../../src/index.ts';
import { fromNested } from '../../src/operations/nested.ts';
import { NumpyArray, NumpyScalar, toElement, toView } from '../../src/pickle/index.ts';
import { fileWithHeader, headerText, thrownBy } from '../support/npy-files.ts';

const limit = { name: 'NpyError', code: 'NPY_LIMIT' };
const file = (descr: string, shape: string, bytes = 0) =>
  decode(fileWithHeader(headerText({ descr, shape }), 1, new Uint8Array(bytes)));

describe('lists of what the bytes did not bring are NPY_LIMIT', () => {
  test.each<[string, string, string, number]>([
    ['an array of 900 subarrays behind 128 bytes', "[('a', '<i4', (900, 0))]", '(16777216,)', 0],
    ['millions of texts without characters', "'<U0'", '(16777216,)', 0],
    ['millions of bytes without bytes', "'|S0'", '(16777216,)', 0],
    ['millions of structures without fields', '[]', '(100000,)', 0],
    ['subarrays without elements beside a byte', "[('b', '|u1'), ('a', '<i4', (900, 0))]", '(20000,)', 20_000],
    ['rows without elements', "'<f8'", '(100000, 0)', 0],
    ['rows in rows without elements', "'<f8'", '(200, 200, 0)', 0],
    ['60 lists around each byte', "'|u1'", `(20000${', 1'.repeat(60)})`, 20_000],
    ['seven empty byte strings beside each byte', `[('b', '|u1'), ${[...'cdefghi'].map((n) => `('${n}', '|S0')`)}]`, '(20000,)', 20_000], // biome-ignore format: one line
  ])('%s', (_, descr, shape, bytes) => {
    expect(thrownBy(() => toNested(file(descr, shape, bytes)))).toMatchObject(limit);
  });

  test.each<[string, string, number]>([
    ['of a field of the whole array', "[('a', '|S0')]", 0],
    ['of a field of subarrays', "[('b', '|u1'), ('a', '<i4', (900, 0))]", 20_000],
  ])('%s', (_, descr, bytes) => {
    expect(thrownBy(() => toNested(field(file(descr, '(20000,)', bytes), 'a')))).toMatchObject(limit);
  });

  test('of the elements of a store, one by one', () => {
    for (const descr of ["'|S0'", "'<U0'", "'|V0'", "[('a', '<i4', (900, 0))]"]) {
      const { data } = file(descr, '(1000000,)');
      expect(thrownBy(() => [...(data as Iterable<unknown>)])).toMatchObject(limit);
      expect(thrownBy(() => fromNested([data]))).toMatchObject(limit);
    }
  });

  test('of a copy in another dtype, which would take memory of its own', () => {
    const texts = file("'<U0'", '(16777216,)');
    expect(thrownBy(() => array(texts, { dtype: '<U5' }))).toMatchObject(limit);
    expect(thrownBy(() => encode(texts, { dtype: '<U5' }))).toMatchObject(limit);
    const rows = file("[('b', '|u1'), ('a', '<i4', (900, 0))]", '(20000,)', 20_000);
    expect(thrownBy(() => array(rows, { dtype: [['b', '<f8'], ['a', '<i4', [900, 0]]] }))).toMatchObject(limit); // biome-ignore format: one line
  });

  test('of arrays and scalars inside of a pickle', () => {
    const texts = new NumpyArray('|S0', { shape: [2 ** 24], data: new Uint8Array(0) });
    expect(thrownBy(() => toNested(toView(texts)))).toMatchObject(limit);
    const scalar = new NumpyScalar([['a', '<i4', [20_000, 0]]], new Uint8Array(0));
    expect(thrownBy(() => toElement(scalar))).toMatchObject(limit);
  });
});

test('what honest files hold is read: one-byte elements in five axes, structures in structures', () => {
  expect(toNested(file("'|u1'", '(20000, 1, 1, 1, 1)', 20_000))).toHaveLength(20_000);
  expect(toNested(file("'|S1'", '(20000, 1)', 20_000))).toHaveLength(20_000);
  expect(toNested(file("[('p', [('x', '|S1')])]", '(20000,)', 20_000))).toHaveLength(20_000);
  expect(toNested(file("[('x', '|u1', (1,))]", '(20000, 1)', 20_000))).toHaveLength(20_000);
  expect(toNested(file("'|S0'", '(1000,)'))).toHaveLength(1000);
  expect(new StructStore([['x', '|i1', [50_000]]], 1).get(0)['x']).toHaveLength(50_000);
});

test('every field of an empty structured array is an empty array', () => {
  for (const dtype of ["[('x', '<f8'), ('y', '<i4'), ('m', '<f4', (2, 3)), ('s', '|S3'), ('t', [('u', '|u1')])]"]) {
    const empty = file(dtype, '(0,)');
    const shapes = ['x', 'y', 'm', 's', 't'].map((name) => field(empty, name).shape);
    expect(shapes).toEqual([[0], [0], [0, 2, 3], [0], [0]]);
    for (const name of ['x', 'y', 'm', 's', 't']) expect(toNested(field(empty, name))).toEqual([]);
    expect(field(file(dtype, '(3, 0)'), 'y').shape).toEqual([3, 0]);
    expect(encode(field(empty, 'y'))).toEqual(encode(new Int32Array(0)));
  }
});
