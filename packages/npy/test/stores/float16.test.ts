// Float16Store alone, which decode does not use in a runtime with Float16Array. It is compared with Float16Array where there is one;
// float16.interop.test.ts compares it with NumPy.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, Float16Store, toNested } from '../../src/core.ts';
import { thrownBy } from '../support/npy-files.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

test.each([
  [0, 0x0000],
  [-0, 0x8000],
  [1, 0x3c00],
  [-2, 0xc000],
  [65504, 0x7bff],
  [65519.99, 0x7bff],
  [65520, 0x7c00],
  [-1e300, 0xfc00],
  [Infinity, 0x7c00],
  [NaN, 0x7e00],
  [2 ** -14, 0x0400],
  [2 ** -24, 0x0001],
  [3 * 2 ** -24, 0x0003],
  [1023 * 2 ** -24, 0x03ff],
  [2 ** -25, 0x0000],
  [2 ** -25 * 1.0000001, 0x0001],
  [3 * 2 ** -25, 0x0002],
  [1 + 2 ** -11, 0x3c00],
  [1 + 3 * 2 ** -11, 0x3c02],
  [5e-324, 0x0000],
])('%d is %i', (value, bits) => {
  const store = new Float16Store(1);
  store.set(0, value);
  expect(store.raw[0]).toBe(bits);
});

test('every half has its value, there and back', () => {
  const store = new Float16Store(Uint16Array.from({ length: 65536 }, (_, bits) => bits));
  for (let bits = 0; bits < 65536; bits++) {
    const value = store.get(bits);
    const fraction = bits & 0x3ff;
    const exponent = (bits >> 10) & 31;
    if (exponent === 31) {
      expect(value).toBe(fraction ? NaN : bits >> 15 ? -Infinity : Infinity);
      if (fraction) continue;
    }
    store.set(bits, value);
    if (store.raw[bits] !== bits) expect([bits, store.raw[bits]]).toEqual([bits, bits]);
  }
});

const Native = (globalThis as { Float16Array?: new (values: readonly number[]) => { readonly buffer: ArrayBuffer } })
  .Float16Array;

test.skipIf(!Native)('rounds as this runtime’s Float16Array does', () => {
  const anything = fc.oneof(fc.double(), fc.double({ min: -70000, max: 70000 }), fc.double({ min: -1e-4, max: 1e-4 }));
  fc.assert(
    fc.property(
      fc.array(
        anything.filter((x) => !Number.isNaN(x)),
        { maxLength: 50 },
      ),
      (values) => {
        const store = new Float16Store(values.length);
        for (const [i, value] of values.entries()) store.set(i, value);
        expect([...store.raw]).toEqual(Native ? [...new Uint16Array(new Native(values).buffer)] : []);
      },
    ),
    { numRuns: 500 },
  );
});

test('is encoded and decoded as float16, bit for bit', () => {
  const raw = Uint16Array.of(0x3c00, 0x7c01, 0x8000, 0x0001);
  const file = encode({ data: new Float16Store(raw), shape: [2, 2] });
  expectSameBytes(file.subarray(128), new Uint8Array(raw.buffer));
  const view = decode(file, { dtype: 'float16' });
  expect(toNested(view)).toEqual([
    [1, NaN],
    [-0, 2 ** -24],
  ]);
  expectSameBytes(encode(view), file);
});

test.each(['1', null, undefined, 1n, true])('refuses %s', (value) => {
  expect(thrownBy(() => new Float16Store(1).set(0, value as unknown as number))).toMatchObject({
    code: 'NPY_VALUE',
    message: `npy: float16 cannot hold ${typeof value}`,
  });
});

test('stands on a Uint16Array or a length', () => {
  for (const raw of [new Float32Array(2), new Uint8Array(2), [1], -1, NaN]) {
    expect(thrownBy(() => new Float16Store(raw as never))).toMatchObject({ code: 'NPY_ARRAY' });
  }
});
