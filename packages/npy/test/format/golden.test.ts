// The golden files, which NumPy 2.4.6 has written (golden/make.py), are decoded, and encoded again byte for byte.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type DTypeName, decode, encode, type NpyHeader, readHeader, toNested } from '../../src/core.ts';
import { fromNested } from '../../src/operations/nested.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

const golden = (name: string): Uint8Array => readFileSync(new URL(`../golden/${name}.npy`, import.meta.url));

type Case = readonly [
  name: string,
  header: Pick<NpyHeader, 'dtype' | 'descr' | 'shape' | 'fortranOrder'>,
  values: unknown,
];

const header = (dtype: DTypeName, descr: string, shape: number[], fortranOrder = false): Case[1] => ({
  dtype,
  descr,
  shape,
  fortranOrder,
});

const ramp = [
  [0, 1, 2],
  [3, 4, 5],
];
const waves = [
  { re: 1, im: 2 },
  { re: -0, im: -3.5 },
];
const cases: Case[] = [
  ['ramp-f4', header('float32', '<f4', [2, 3]), ramp],
  ['ramp-f4-fortran', header('float32', '<f4', [2, 3], true), ramp],
  ['ramp-f4-column-slice', header('float32', '<f4', [2, 2]), ramp.map(([a, , c]) => [a, c])],
  ['ramp-i2-big-endian', header('int16', '>i2', [2, 3]), ramp],
  ['scalar-i8', header('int64', '<i8', []), 42n],
  ['empty-f8', header('float64', '<f8', [0, 3]), []],
  [
    'mask-bool',
    header('bool', '|b1', [2, 2]),
    [
      [true, false],
      [false, true],
    ],
  ],
  ['half-f2', header('float16', '<f2', [6]), [0, 1, -2, 65504, 2 ** -24, Infinity]],
  ['extremes-i8', header('int64', '<i8', [4]), [-(2n ** 63n), -1n, 0n, 2n ** 63n - 1n]],
  ['extremes-u8', header('uint64', '<u8', [3]), [0n, 2n ** 53n + 1n, 2n ** 64n - 1n]],
  ['waves-c8', header('complex64', '<c8', [2]), waves],
  ['waves-c16-big-endian', header('complex128', '>c16', [2]), waves],
  [
    'fortran-two-axes-u1',
    header('uint8', '|u1', [2, 12], true),
    [0, 12].map((start) => Array.from({ length: 12 }, (_, i) => start + i)),
  ],
];

describe.each(cases)('%s', (name, expected, values) => {
  const file = golden(name);

  test('has the header that NumPy gave it', () => {
    expect(readHeader(file)).toMatchObject({ ...expected, version: [1, 0], dataOffset: 128 });
  });

  test('has the values', () => {
    expect(toNested(decode(file))).toEqual(values);
  });

  test('is written again with the same bytes', () => {
    const described = readHeader(file);
    expectSameBytes(encode(decode(file), described), file);
    if (expected.descr[0] !== '>') expectSameBytes(encode(decode(file)), file);
  });

  test('comes out of its values', () => {
    const built = fromNested(values as number[], expected.dtype);
    if (expected.shape.includes(0)) return;
    expectSameBytes(encode(built, { dtype: expected.descr, fortranOrder: expected.fortranOrder }), file);
  });
});

test('objects are refused without a codec, and their header is read', () => {
  expect(readHeader(golden('objects'))).toMatchObject({
    dtype: 'object',
    descr: '|O',
    shape: [3],
    dataBytes: Infinity,
  });
  expect(() => decode(golden('objects'))).toThrowError(
    expect.objectContaining({ code: 'NPY_OBJECTS', fault: 'caller', detail: { descr: '|O' } }),
  );
});
