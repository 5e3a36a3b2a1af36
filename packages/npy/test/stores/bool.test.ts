// BoolStore alone: it reads and writes the bytes of bool arrays.
import { expect, test } from 'vitest';
import { BoolStore } from '../../src/core.ts';
import { thrownBy } from '../support/npy-files.ts';

test('reads any byte but 0 as true, and keeps it until it is set', () => {
  const store = new BoolStore(Uint8Array.of(0, 1, 2, 255));
  expect([...store]).toEqual([false, true, true, true]);
  expect([...store.raw]).toEqual([0, 1, 2, 255]);
  store.set(3, true);
  store.set(1, false);
  expect([...store.raw]).toEqual([0, 0, 2, 1]);
});

test('is zeroed memory for a length, and a view for memory', () => {
  expect([...new BoolStore(2)]).toEqual([false, false]);
  const raw = new Uint8Array(2);
  new BoolStore(raw).set(1, true);
  expect([...raw]).toEqual([0, 1]);
});

test.each([1, 0, 'true', null, undefined, 1n])('refuses %s', (value) => {
  expect(thrownBy(() => new BoolStore(1).set(0, value as unknown as boolean))).toMatchObject({
    code: 'NPY_VALUE',
    fault: 'caller',
    message: `npy: bool cannot hold ${typeof value}`,
    detail: { value },
  });
});

test.each([-1, NaN, 1.5, Infinity, '3', null, [1], new Int8Array(3), new ArrayBuffer(3)])('stands on no %s', (raw) => {
  expect(thrownBy(() => new BoolStore(raw as unknown as number))).toMatchObject({ code: 'NPY_ARRAY' });
});

test('a length that no memory has is NPY_LIMIT', () => {
  expect(thrownBy(() => new BoolStore(2 ** 52))).toMatchObject({ code: 'NPY_LIMIT', detail: { bytes: 2 ** 52 } });
});
