// Complex64Store and Complex128Store alone: they read and write pairs of floats.
import { describe, expect, test } from 'vitest';
import { Complex64Store, Complex128Store } from '../../src/core.ts';
import { thrownBy } from '../support/npy-files.ts';

describe.each([
  ['complex64', Complex64Store, Float32Array],
  ['complex128', Complex128Store, Float64Array],
] as const)('%s', (dtype, Store, Raw) => {
  test('keeps real and imaginary parts side by side', () => {
    const store = new Store(2);
    store.set(1, { re: 1.5, im: -2 });
    expect([...store.raw]).toEqual([0, 0, 1.5, -2]);
    expect([...store]).toEqual([
      { re: 0, im: 0 },
      { re: 1.5, im: -2 },
    ]);
    expect([store.length, store.dtype]).toEqual([2, dtype]);
  });

  test.each([1, null, undefined, 'i', { re: 1 }, { im: 1 }, { re: '1', im: 1 }, { re: 1n, im: 1 }])(
    'refuses %o',
    (value) => {
      expect(thrownBy(() => new Store(1).set(0, value as never))).toMatchObject({
        code: 'NPY_VALUE',
        message: `npy: ${dtype} of { re, im } cannot hold ${typeof value}`,
      });
    },
  );

  test('stands on an even number of its own floats, and on nothing else', () => {
    expect(new Store(new Raw(4) as never).length).toBe(2);
    const other = dtype === 'complex64' ? new Float64Array(2) : new Float32Array(2);
    for (const raw of [new Raw(3), other, [1, 2], -1, 0.5]) {
      expect(thrownBy(() => new Store(raw as never))).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller' });
    }
  });
});
