// allocateStore makes a store for the name of a dtype, and dtypeOf returns the name for a store.
import { describe, expect, test } from 'vitest';
import { allocateStore, type DTypeName, dtypeOf } from '../../src/core.ts';
import { thrownBy } from '../support/npy-files.ts';
import { dtypeNames } from '../support/random-arrays.ts';

test.each(dtypeNames)('%s has a store, which says so itself', (dtype) => {
  const store = allocateStore(dtype, 3);
  expect(store.length).toBe(3);
  expect(dtypeOf(store)).toBe(dtype);
  expect(dtypeOf({ data: store })).toBe(dtype);
});

test.each([
  undefined,
  null,
  5,
  'abc',
  {},
  [],
  () => 1,
  { data: [1] },
  new ArrayBuffer(4),
  new DataView(new ArrayBuffer(4)),
])('%s has no dtype', (thing) => {
  expect(dtypeOf(thing as never)).toBeUndefined();
});

describe('allocateStore', () => {
  test.each(['nope', '', 'struct', '__proto__', 'constructor', 5, null, undefined])('refuses %s as a name', (name) => {
    expect(thrownBy(() => allocateStore(name as DTypeName, 1))).toMatchObject({ code: 'NPY_DESCR', fault: 'caller' });
  });

  test.each([-1, NaN, 1.5, Infinity, '1', null, 1n])('refuses %s as a length', (length) => {
    expect(thrownBy(() => allocateStore('float64', length as number))).toMatchObject({
      code: 'NPY_ARRAY',
      message: 'npy: a length must be an integer of 0 or more',
    });
  });

  test('says when there is no memory', () => {
    expect(thrownBy(() => allocateStore('float64', 2 ** 50))).toMatchObject({
      code: 'NPY_LIMIT',
      detail: { bytes: 2 ** 53 },
      cause: expect.any(RangeError),
    });
  });
});
