// The long doubles of the x87, which have 80 bits, are converted to numbers and back. numpy/corpus.interop.test.ts compares them
// with NumPy.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CLongDoubleStore, decode, encode, LongDoubleStore, toNested } from '../../src/core.ts';
import { fromNested } from '../../src/operations/nested.ts';
import { thrownBy } from '../support/npy-files.ts';

/** Returns the bytes of a long double with these parts. */
function store(sign: 0 | 1, exponent: number, fraction: bigint, padding = 0): LongDoubleStore {
  const raw = new Uint8Array(16).fill(padding);
  new DataView(raw.buffer).setBigUint64(0, fraction, true);
  new DataView(raw.buffer).setUint16(8, (sign << 15) | exponent, true);
  return new LongDoubleStore(raw);
}
const ONE = 1n << 63n;

test('every double goes in and comes out', () => {
  const long = new LongDoubleStore(1);
  fc.assert(
    fc.property(fc.double(), (value) => {
      long.set(0, value);
      expect(long.get(0)).toBe(value);
    }),
    { numRuns: 3000 },
  );
  for (const value of [0, -0, 5e-324, 2.2250738585072014e-308, Number.MAX_VALUE, 1, -Infinity]) {
    long.set(0, value);
    expect(long.get(0)).toBe(value);
  }
});

describe('the nearest double, ties to even', () => {
  test.each<[string, number, bigint, number]>([
    ['one', 16383, ONE, 1],
    ['a tie above an even one', 16383, ONE + 0x400n, 1],
    ['just above that tie', 16383, ONE + 0x401n, 1 + 2 ** -52],
    ['a tie above an odd one', 16383, ONE + 0xc00n, 1 + 2 ** -51],
    ['all ones, which is rounded up to the next power', 16383, (1n << 64n) - 1n, 2],
    ['the largest double', 16383 + 1023, ((1n << 53n) - 1n) << 11n, Number.MAX_VALUE],
    ['half a unit past it', 16383 + 1023, (((1n << 53n) - 1n) << 11n) + 0x400n, Infinity],
    ['past every double', 16383 + 1024, ONE, Infinity],
    ['the largest', 32766, (1n << 64n) - 1n, Infinity],
    ['the smallest subnormal', 16383 - 1074, ONE, 5e-324],
    ['half of it, a tie to zero', 16383 - 1075, ONE, 0],
    ['more than half of it', 16383 - 1075, ONE + 1n, 5e-324],
    ['one and a half of it, a tie to two', 16383 - 1074, ONE | (1n << 62n), 1e-323],
    ['all ones below the smallest normal, up to it', 16383 - 1023, (1n << 64n) - 1n, 2 ** -1022],
    ['a tie among subnormals, to even', 16383 - 1023, ONE + 0x800n, 2 ** -1023],
    ['just above that tie', 16383 - 1023, ONE + 0x801n, 2 ** -1023 + 2 ** -1074],
    ['just below it', 16383 - 1023, ONE + 0x7ffn, 2 ** -1023],
    ['the smallest of all', 0, 1n, 0],
    ['a subnormal with a leading one', 0, ONE, 0],
    ['infinity', 32767, ONE, Infinity],
    ['a NaN', 32767, ONE | 5n, NaN],
    ['an infinity without its leading one', 32767, 0n, NaN],
    ['a number without its leading one', 16383, ONE >> 1n, NaN],
    ['a number without any one', 16383, 0n, NaN],
  ])('%s', (_, exponent, fraction, value) => {
    expect(store(0, exponent, fraction).get(0)).toBe(value);
    expect(store(1, exponent, fraction).get(0)).toBe(-value);
  });
});

test('bits are kept as they are, and the padding is written as zeros', () => {
  const odd = store(1, 1234, 0x123456789abcdefn, 0xee);
  const file = encode({ data: odd });
  expect(file.subarray(128, 138)).toEqual(odd.raw.subarray(0, 10));
  expect(file.subarray(138)).toEqual(new Uint8Array(6));
  expect(odd.raw[15]).toBe(0xee);
  const big = encode({ data: odd }, { descr: '>f16' });
  expect(big.subarray(128).toReversed()).toEqual(file.subarray(128));
  expect(encode(decode(big))).toEqual(file);
});

test('padding inside a structure is cleared as well, and only there', () => {
  const view = decode(encode(fromNested([{ a: 255, b: [1.5] }], [['a', '|u1'], ['b', '<f16', [1]]]))); // biome-ignore format: one line
  (view.data as { raw: Uint8Array }).raw.fill(0xff, 11);
  expect(encode(view).subarray(-17)).toEqual(
    Uint8Array.from([255, 0, 0, 0, 0, 0, 0, 0, 0xc0, 0xff, 0x3f, 0, 0, 0, 0, 0, 0]),
  );
});

test('complex ones are two', () => {
  const pairs = new CLongDoubleStore(2);
  pairs.set(1, { re: 1.5, im: -2 });
  expect([...pairs]).toEqual([{ re: 0, im: 0 }, { re: 1.5, im: -2 }]); // biome-ignore format: one line
  expect(toNested(decode(encode({ data: pairs }, { descr: '>c32' })))).toEqual([...pairs]);
  expect(thrownBy(() => pairs.set(0, 5 as never))).toMatchObject({ code: 'NPY_VALUE' });
  expect(thrownBy(() => pairs.set(0, { re: 1, im: '2' } as never))).toMatchObject({ code: 'NPY_VALUE' });
  expect(pairs.get(0)).toEqual({ re: 0, im: 0 });
  expect(thrownBy(() => new LongDoubleStore(1).set(0, 5n as never))).toMatchObject({ code: 'NPY_VALUE' });
  expect(thrownBy(() => new LongDoubleStore(new Uint8Array(15)))).toMatchObject({ code: 'NPY_ARRAY' });
});
