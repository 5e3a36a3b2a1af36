// Conversion of values to each dtype: a value that the dtype cannot hold is refused, and never wraps or loses digits.
import { describe, expect, test } from 'vitest';
import { type DTypeName, decode, encode, toNested } from '../../src/core.ts';
import { dtypeNamed } from '../../src/dtype/dtype.ts';
import { checkAny, convert } from '../../src/dtype-set/all-dtypes.ts';
import { fromNested } from '../../src/operations/nested.ts';
import { thrownBy } from '../support/npy-files.ts';
import { dtypeNames } from '../support/random-arrays.ts';

const into = (dtype: DTypeName, value: unknown): unknown => toNested(fromNested([value] as never, dtype));

const integers: readonly [DTypeName, low: bigint, high: bigint][] = [
  ['int8', -128n, 127n],
  ['int16', -32768n, 32767n],
  ['int32', -(2n ** 31n), 2n ** 31n - 1n],
  ['int64', -(2n ** 63n), 2n ** 63n - 1n],
  ['uint8', 0n, 255n],
  ['uint16', 0n, 65535n],
  ['uint32', 0n, 2n ** 32n - 1n],
  ['uint64', 0n, 2n ** 64n - 1n],
];

describe.each(integers)('%s', (dtype, low, high) => {
  const wide = dtype.endsWith('64');
  const element = (n: bigint): number | bigint => (wide ? n : Number(n));

  test('takes its extremes, and nothing beyond', () => {
    expect(into(dtype, low)).toEqual([element(low)]);
    expect(into(dtype, high)).toEqual([element(high)]);
    for (const value of [low - 1n, high + 1n, 2n ** 100n]) {
      expect(thrownBy(() => into(dtype, value))).toMatchObject({
        code: 'NPY_VALUE',
        fault: 'caller',
        message: `npy: ${dtype} cannot hold bigint ${value}`,
        detail: { dtype, value },
      });
    }
    if (!wide) expect(thrownBy(() => into(dtype, Number(high) + 1))).toMatchObject({ code: 'NPY_VALUE' });
  });

  test('takes whole numbers and booleans', () => {
    expect(into(dtype, 7)).toEqual([element(7n)]);
    expect(into(dtype, true)).toEqual([element(1n)]);
    expect(into(dtype, -0)).toEqual([wide ? 0n : 0]);
  });

  test.each([0.5, NaN, Infinity, -Infinity, 1e300, '1', null, undefined, {}, Symbol('s'), () => 1, { re: 1, im: 0 }])(
    'refuses %s',
    (value) => {
      expect(thrownBy(() => into(dtype, value))).toMatchObject({ code: 'NPY_VALUE', detail: { dtype, value } });
    },
  );
});

describe('floats', () => {
  test.each(['float16', 'float32', 'float64'] as const)('%s rounds numbers to the nearest', (dtype) => {
    expect(into(dtype, 1.5)).toEqual([1.5]);
    expect(into(dtype, 0.1)).toEqual([{ float16: 0.0999755859375, float32: Math.fround(0.1), float64: 0.1 }[dtype]]);
    expect(into(dtype, true)).toEqual([1]);
    expect(into(dtype, NaN)).toEqual([NaN]);
  });

  test.each([
    ['float64', 2n ** 53n, 2n ** 53n + 1n],
    ['float32', 2n ** 24n, 2n ** 24n + 1n],
    ['float16', 2048n, 2049n],
    ['float16', 65504n, 65536n],
    ['float32', 2n ** 127n, 2n ** 128n],
    ['float64', 2n ** 1023n, 2n ** 1024n],
  ] as const)('%s takes the bigint %d and refuses %d', (dtype, good, bad) => {
    expect(into(dtype, good)).toEqual([Number(good)]);
    expect(thrownBy(() => into(dtype, bad))).toMatchObject({ code: 'NPY_VALUE' });
  });

  test('complex numbers are complex, and numbers with an imaginary part of 0', () => {
    expect(into('complex64', 2)).toEqual([{ re: 2, im: 0 }]);
    expect(into('complex128', { re: 1, im: -1 })).toEqual([{ re: 1, im: -1 }]);
    expect(thrownBy(() => into('complex64', 2n ** 24n + 1n))).toMatchObject({ code: 'NPY_VALUE' });
    for (const dtype of dtypeNames.filter((name) => !name.startsWith('complex'))) {
      expect(thrownBy(() => into(dtype, { re: 1, im: -2 }))).toMatchObject({
        code: 'NPY_VALUE',
        message: `npy: ${dtype} cannot hold complex 1-2i`,
      });
    }
  });
});

test('bool takes any number: 0 is false, NaN is true', () => {
  expect(toNested(fromNested([true, false], 'bool'))).toEqual([true, false]);
  for (const [value, bool] of [
    [0, false],
    [-0, false],
    [0n, false],
    [2, true],
    [-1n, true],
    [NaN, true],
  ] as const) {
    expect(into('bool', value)).toEqual([bool]);
  }
});

describe('a value that cannot even be shown', () => {
  const cyclic: unknown[] & { self?: unknown } = [];
  cyclic.self = cyclic;
  test.each([
    ['an object with a bigint', { a: 1n }],
    ['a cycle', { cyclic }],
    ['an object whose toJSON gives nothing', { toJSON: () => undefined }],
    ['an object without a prototype', Object.create(null)],
    ['a complex number of bigints', { re: 1n, im: 1 }],
    [
      'a function that throws when printed',
      Object.assign(() => 1, {
        toString: () => {
          throw new Error('no');
        },
      }),
    ],
    ['a bigint of a million digits', 1n << 3_000_000n],
    ['a long string', 'x'.repeat(1_000_000)],
  ])('%s', (_, value) => {
    const error = thrownBy(() => into('int32', value)) as Error;
    expect(error).toMatchObject({ code: 'NPY_VALUE' });
    expect(error.message.length).toBeLessThan(120);
  });
});

test('a copy in the same dtype keeps the bits of a NaN', () => {
  const bits = Uint32Array.of(0x7fa00001, 0xffc12345, 0x3f800000, 0x7f800001);
  const view = checkAny({ data: new Float32Array(bits.buffer), shape: [2, 2], stride: [1, 2] });
  const copy = convert(view, dtypeNamed('float32'));
  expect(new Uint32Array((copy.data as Float32Array).buffer)).toEqual(
    Uint32Array.of(0x7fa00001, 0x3f800000, 0xffc12345, 0x7f800001),
  );
});

test('int64 and uint64 keep every bit on their way through a file', () => {
  for (const dtype of ['int64', 'uint64'] as const) {
    const low = dtype === 'int64' ? -(2n ** 63n) : 0n;
    const high = dtype === 'int64' ? 2n ** 63n - 1n : 2n ** 64n - 1n;
    const values = [low, high, 2n ** 53n + 1n];
    for (const order of ['<', '>']) {
      const file = encode(fromNested(values, dtype), { dtype: `${order}${dtype === 'int64' ? 'i' : 'u'}8` });
      expect(toNested(decode(file))).toEqual(values);
    }
  }
});
