// The elements of a StructStore are records, at any alignment; a value that does not fit is refused.
import { describe, expect, test } from 'vitest';
import { type Descr, decode, encode, type FieldDescr, readHeader, StructStore, toNested } from '../../src/core.ts';
import { array } from '../../src/index.ts';
import { fromNested } from '../../src/operations/nested.ts';
import { thrownBy } from '../support/npy-files.ts';

const everything: readonly FieldDescr[] = [
  ['bool', '|b1'], ['i1', '|i1'], ['u1', '|u1'], ['i2', '<i2'], ['u2', '<u2'], ['i4', '<i4'], ['u4', '<u4'],
  ['i8', '<i8'], ['u8', '<u8'], ['f2', '<f2'], ['f4', '<f4'], ['f8', '<f8'], ['f16', '<f16'], ['c8', '<c8'],
  ['c16', '<c16'], ['c32', '<c32'], ['S', '|S3'], ['U', '<U2'], ['V', '|V2'], ['M', '<M8[s]'], ['m', '<m8'],
  ['sub', '<i2', [2, 2]], ['p', [['x', '<f4'], ['q', [['y', '|i1', [3]]]]]], ['none', []],
]; // biome-ignore format: a table
const record = {
  bool: true, i1: -1, u1: 255, i2: -300, u2: 65535, i4: -(2 ** 31), u4: 2 ** 32 - 1,
  i8: -(2n ** 63n), u8: 2n ** 64n - 1n, f2: 0.5, f4: 1.5, f8: 0.1, f16: 0.1, c8: { re: 1, im: 2 },
  c16: { re: 0.1, im: -0.2 }, c32: { re: 3, im: 4 }, S: Uint8Array.of(1, 0, 2), U: '\u{1f600}b', V: Uint8Array.of(0, 0), M: 5n, m: -5n,
  sub: [[1, 2], [3, 4]], p: { x: 2.5, q: { y: [1, 2, 3] } }, none: {},
}; // biome-ignore format: a table

test('every dtype is a field', () => {
  const store = new StructStore(everything, 2);
  store.set(1, record);
  expect(store.get(1)).toEqual(record);
  expect(store.names).toEqual(everything.map(([name]) => name));
  expect(toNested(decode(encode({ data: store })))).toEqual([...store]);
});

test('fields lie in either byte order in a file', () => {
  const swapped = (descr: Descr): Descr =>
    typeof descr === 'string'
      ? descr.replace('<', '>')
      : (descr as readonly FieldDescr[]).map(([name, base, ...shape]) => [name, swapped(base), ...shape] as FieldDescr);
  const store = new StructStore(everything, 3);
  store.set(2, record);
  const big = encode({ data: store }, { descr: swapped(everything) });
  expect(toNested(decode(big))).toEqual([...store]);
  expect(encode(decode(big))).toEqual(encode({ data: store }));
});

test('an element may be a list, one value a field', () => {
  const store = new StructStore([['a', '<i2'], ['b', '|S2']], 1); // biome-ignore format: one line
  store.set(0, [5, 'x']);
  expect(store.get(0)).toEqual({ a: 5, b: Uint8Array.of(120) });
});

test('names that mean something to JavaScript are only names', () => {
  const fields = ['__proto__', 'constructor', 'toString', ''].map((name) => [name, '<i4'] as const);
  const store = new StructStore(fields, 1);
  store.set(0, [1, 2, 3, 4]);
  const element = store.get(0);
  expect(Object.entries(element)).toEqual([['__proto__', 1], ['constructor', 2], ['toString', 3], ['', 4]]); // biome-ignore format: one line
  expect(Object.getPrototypeOf(element)).toBe(Object.prototype);
  expect(thrownBy(() => store.set(0, {}))).toMatchObject({ code: 'NPY_VALUE', detail: { field: '__proto__' } });
});

describe('a value that does not fit leaves the element as it was:', () => {
  const fields: readonly FieldDescr[] = [
    ['a', '<i4'], ['', '|V2'], ['p', [['x', '<i2'], ['y', '<i2', [2, 2]]]], ['z', '<c8'],
  ]; // biome-ignore format: a table
  test.each<[string, unknown]>([
    ['the last field', [9, { x: 9, y: [[9, 9], [9, 9]] }, 'z']],
    ['half of the last field', [9, { x: 9, y: [[9, 9], [9, 9]] }, { re: 9, im: 'i' }]],
    ['the last item of a field in a field', [9, { x: 9, y: [[9, 9], [9, 2 ** 20]] }, { re: 9, im: 9 }]],
    ['a row that is too short', [9, { x: 9, y: [[9, 9], [9]] }, { re: 9, im: 9 }]],
  ])('%s', (_, value) => {
    const store = new StructStore(fields, 2);
    store.raw.fill(0x11);
    expect(thrownBy(() => store.set(1, value as never))).toMatchObject({ code: 'NPY_VALUE' });
    expect(store.raw.every((byte) => byte === 0x11)).toBe(true);
  }); // biome-ignore format: a table

  test('gaps keep what is in them', () => {
    const store = new StructStore(fields, 1);
    store.raw.fill(0x11);
    store.set(0, [0, { x: 0, y: [[0, 0], [0, 0]] }, { re: 0, im: 0 }]); // biome-ignore format: one line
    expect([...store.raw.subarray(0, 8)]).toEqual([0, 0, 0, 0, 0x11, 0x11, 0, 0]);
  });
});

describe('refuses', () => {
  const store = new StructStore([['a', '|i1'], ['b', '<f4', [2]]], 1); // biome-ignore format: one line
  test.each<[string, unknown]>([
    ['a missing field', { a: 1 }],
    ['too short a list', [1]],
    ['too long a list', [1, [1, 2], 3]],
    ['a number', 5],
    ['null', null],
    ['a value that does not fit', { a: 300, b: [1, 2] }],
    ['a row that is too short', { a: 1, b: [1] }],
    ['a number for a row', { a: 1, b: 5 }],
    ['text in a row', { a: 1, b: [1, 'x'] }],
  ])('%s', (_, value) => {
    expect(thrownBy(() => store.set(0, value as never))).toMatchObject({ code: 'NPY_VALUE', fault: 'caller' });
  });

  test('fields in foreign order, objects, and bytes that are no whole number of elements', () => {
    const foreign = thrownBy(() => new StructStore([['a', '>i4']], 1));
    expect(foreign).toMatchObject({ code: 'NPY_DESCR', fault: 'caller' });
    expect(thrownBy(() => new StructStore([['a', '|O']], 1))).toMatchObject({ code: 'NPY_DESCR' });
    expect(thrownBy(() => new StructStore([['a', '<i4']], new Uint8Array(5)))).toMatchObject({ code: 'NPY_ARRAY' });
  });

  test('to read a million million empty items', () => {
    const nothing = new StructStore([['a', [], [2 ** 20, 2 ** 10]]], 1);
    expect(nothing.itemsize).toBe(0);
    expect(thrownBy(() => nothing.get(0))).toMatchObject({ code: 'NPY_LIMIT' });
  });
});

test('a title is another word for a field: it is written and kept, and no byte depends on it', () => {
  const nan = new Uint8Array(12).fill(0xff, 4).fill(0xf1, 4, 8);
  const data = new StructStore([['x', '<f4'], ['y', '<f8']], nan); // biome-ignore format: one line
  const titled: readonly FieldDescr[] = [[['the first', 'x'], '<f4'], ['y', '<f8']]; // biome-ignore format: one line
  const file = encode({ data }, { descr: titled });
  expect(readHeader(file)?.descr).toEqual(titled);
  // The test compares bits, because a comparison by value would miss a lost NaN payload.
  expect(file.subarray(-12)).toEqual(nan);
  const made = array(data, { dtype: titled as Descr });
  expect(made.data).toMatchObject({ descr: titled, raw: nan });
  expect(array(data, { dtype: data.descr }).data).toBe(data);
});

test('empty structures have a length and no bytes', () => {
  const view = decode(encode({ data: new StructStore([], 3) }));
  expect(toNested(view)).toEqual([{}, {}, {}]);
  const many = encode({ data: new StructStore([], new Uint8Array(0), 10 ** 12), shape: [10 ** 6, 10 ** 6] });
  expect(decode(many)).toMatchObject({ shape: [10 ** 6, 10 ** 6], data: { length: 10 ** 12 } });
});

test('lists of records become structures where the fields are said', () => {
  const descr = [['x', '<f4'], ['y', '<f4']] as const; // biome-ignore format: one line
  const points = fromNested([{ x: 1, y: 2 }, { x: 3, y: 4 }], descr); // biome-ignore format: one line
  expect(points).toMatchObject({ dtype: 'struct', shape: [2], data: { descr } });
  expect(thrownBy(() => fromNested([{ x: 1 }]))).toMatchObject({ code: 'NPY_ARRAY' });
  expect(toNested(decode(encode(points, { descr: [['x', '>f8'], ['y', '<i2']] })))).toEqual(toNested(points)); // biome-ignore format: one line
});

describe('an element is read up to the lists and values that its bytes stand for, since a header may ask for any number', () => {
  const rows = (shape: readonly number[], item: Descr = '<i2'): StructStore =>
    new StructStore([['x', item, shape]], 1, 1);
  test.each<[string, StructStore]>([
    ['rows of nothing', rows([1_000_000, 0])],
    ['an empty axis behind many', rows([1000, 1000, 1000, 0])],
    ['more than 2^53', rows([2 ** 31 - 1, 2 ** 31 - 1, 0])],
    ['values of nothing', rows([20_000], [])],
    [
      'rows of nothing beside a byte',
      new StructStore(
        [
          ['b', '|u1'],
          ['x', '<i2', [20_000, 0]],
        ],
        1,
      ),
    ],
    ['rows in rows', rows([100], [['y', '<i2', [100, 0]]])],
    ['rows in rows in rows', rows([30], [['y', [['z', '<i2', [30, 0]]], [30]]])],
  ])('%s are too many', (_, store) => {
    expect(thrownBy(() => store.get(0))).toMatchObject({ code: 'NPY_LIMIT' });
  });

  test('fewer are read, and those with bytes are never too many', () => {
    expect(rows([3, 0]).get(0)).toEqual({ x: [[], [], []] });
    expect(rows([0, 1_000_000]).get(0)).toEqual({ x: [] });
    expect(rows([2], []).get(0)).toEqual({ x: [{}, {}] });
    expect((new StructStore([['x', '|i1', [5000]]], 1).get(0)['x'] as number[]).length).toBe(5000);
  });
});

test('bytes that are no list of numbers are no values of a field', () => {
  const store = new StructStore([['x', '|u1', [2]]], 1);
  expect(thrownBy(() => store.set(0, [new DataView(new ArrayBuffer(2))]))).toMatchObject({ code: 'NPY_VALUE' });
});
