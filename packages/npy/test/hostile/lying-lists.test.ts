// Lists that lie about their length, have holes, were revoked, or change while they are read: one NpyError, at once, and no
// memory for what is not there.
import { describe, expect, test } from 'vitest';
import { array, encode, type Nested } from '../../src/index.ts';
import { StructStore } from '../../src/stores/struct.ts';
import { thrownBy } from '../support/npy-files.ts';

/** A list that says it has `length` items: those of `items`, and behind them what `more` answers. */
function lying(items: readonly unknown[], length: unknown, more: (index: number) => unknown = () => undefined): never {
  return new Proxy([...items], {
    get(target, key) {
      if (key === 'length') return length;
      if (typeof key === 'symbol') return Reflect.get(target, key);
      return key in target ? Reflect.get(target, key) : more(Number(key));
    },
  }) as never;
}

const sparse = (items: readonly unknown[]): never => Object.assign(new Array(2 ** 32 - 1), items) as never;

function revoked(items: readonly unknown[]): never {
  const { proxy, revoke } = Proxy.revocable([...items], {});
  revoke();
  return proxy as never;
}

const lists: readonly [string, (items: readonly unknown[]) => never][] = [
  ['is sparse', sparse],
  ['says 2^53 - 1', (items) => lying(items, Number.MAX_SAFE_INTEGER)],
  ['says infinitely many', (items) => lying(items, Number.POSITIVE_INFINITY)],
  ['says one too many', (items) => lying(items, items.length + 1)],
  ['was revoked', revoked],
  ['never ends', (items) => lying(items, Number.MAX_SAFE_INTEGER, (i) => items[i % items.length])],
];
const data = new Float32Array(6);
const anyCode = /^NPY_(ARRAY|SHAPE|VALUE|LIMIT|DESCR|VERSION)$/;

describe.each(lists)('a list that %s', (_, list) => {
  test.each<[string, () => unknown]>([
    ['as a shape', () => encode({ data, shape: list([2, 3]) })],
    ['as strides', () => encode({ data, shape: [2, 3], stride: list([3, 1]) })],
    ['as the shape of new array', () => array(data, { shape: list([2, 3]) })],
    ['as nested data', () => array(list([1, 2]))],
    ['as nested data of a dtype', () => array(list([1, 2]), { dtype: 'int8' })],
    ['as nested objects', () => array(list([1, 2]), { dtype: 'object' })],
    ['as rows', () => array(list([[1], [2]]))],
    ['as rows of nothing', () => array(list([[], []]))],
    ['as a row', () => array([list([1, 2]), [1, 2]])],
    ['as a second row', () => array([[1, 2], list([1, 2])])],
    ['as fields', () => array([], { dtype: list([['x', '<f4']]) })],
    ['as one field', () => array([], { dtype: [list(['x', '<f4', [2]])] })],
    ['as a label', () => array([], { dtype: [[list(['title', 'x']), '<f4']] })],
    ['as the shape of a field', () => array([], { dtype: [['x', '<f4', list([2, 3])]] })],
    ['as the format version', () => encode({ data }, { version: list([1, 0]) })],
    ['as the descr to write', () => encode({ data }, { descr: list([['x', '<f4']]) })],
    ['as a structure', () => new StructStore([['x', '<i4'], ['y', '<i4']], 1).set(0, list([1, 2]))], // biome-ignore format: one line
    ['as a field of one', () => new StructStore([['x', '<i4', [2]]], 1).set(0, [list([1, 2])])],
  ])('%s', (_where, use) => {
    expect(thrownBy(use)).toMatchObject({ name: 'NpyError', code: expect.stringMatching(anyCode) });
  });
});

test.each([Number.NaN, -1, 1.5, '2', 2n, null, {}])('nested data whose length is %s', (length) => {
  expect(thrownBy(() => array(lying([1, 2], length)))).toMatchObject({ code: 'NPY_ARRAY' });
  expect(thrownBy(() => array([lying([1, 2], length), [1, 2]]))).toMatchObject({ code: 'NPY_ARRAY' });
});

/** Calls `change` when the item at `index` is read. */
function changing<T>(items: T[], index: number, change: (items: T[]) => void): T[] {
  const item = items[index];
  return Object.defineProperty(items, index, {
    enumerable: true,
    get() {
      change(items);
      return item;
    },
  });
}

test('a list that grows while it is read is as long as it was', () => {
  const grown = array(changing([1, 2, 3], 1, (items) => items.push(4)) as Nested);
  expect(grown.shape).toEqual([3]);
});

test('a list that shrinks while it is read is refused', () => {
  const shrunk = changing([1, 2, 3], 1, (items) => {
    items.length = 2;
  });
  expect(thrownBy(() => array(shrunk as Nested))).toMatchObject({ code: 'NPY_ARRAY' });
});

test('a field that grows while it is read writes nothing beside its element', () => {
  const store = new StructStore([['x', '|u1', [2]]], 3);
  store.raw.fill(1);
  store.set(1, [changing([7, 7], 0, (items) => items.push(7, 7, 7))]);
  expect([...store.raw]).toEqual([1, 1, 7, 7, 1, 1]);
});

test('bytes that are no list of numbers are no field', () => {
  const store = new StructStore([['x', '|u1', [2]]], 1);
  expect(thrownBy(() => store.set(0, [new DataView(new ArrayBuffer(2))]))).toMatchObject({ code: 'NPY_VALUE' });
});
