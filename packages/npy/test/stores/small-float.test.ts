// bfloat16 and the float8 types are compared with files that ml_dtypes made: every value of eight bits, the rounding of numbers,
// and the bytes of np.save.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type BFloat16Store, decode, encode, Float8Store, readHeader, toNested, VoidStore } from '../../src/core.ts';
import { type FixedDTypeName, fixedTypes } from '../../src/dtype/dtype.ts';
import { fromNested } from '../../src/operations/nested.ts';
import { allocateStore } from '../../src/stores/store-table.ts';
import { thrownBy } from '../support/npy-files.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

const golden = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../golden/short-floats/${name}.npy`, import.meta.url)));
const names = (Object.keys(fixedTypes) as FixedDTypeName[]).filter((name) => fixedTypes[name].kind === 'V');
const numbers = [...decode(golden('numbers'), { dtype: 'float32' }).data];

describe.each(names)('%s', (name) => {
  test('is read when it is asked for, every value', () => {
    expect(toNested(decode(golden(name), { dtype: name }))).toEqual(toNested(decode(golden(`${name}-values`))));
  });

  test('is written as np.save writes it', () => {
    expectSameBytes(encode(decode(golden(name), { dtype: name })), golden(name));
  });

  test('is written by the header of its file as it was, whoever wrote it', () => {
    // ml_dtypes writes another descr than `|V2`, which NumPy writes for the raw bytes that np.load makes of such a file.
    const ours = golden(name);
    const theirs = encode({ data: new VoidStore(fixedTypes[name].itemsize, 3) });
    for (const file of name === 'float8_e5m2' ? [theirs] : [ours, theirs]) {
      expectSameBytes(encode(decode(file, { dtype: name }), readHeader(file)), file);
      expectSameBytes(encode(decode(file), readHeader(file)), file);
    }
  });

  test('rounds to nearest, ties to even', () => {
    const store = allocateStore(name, 1) as BFloat16Store;
    const bits = numbers.map((number) => {
      store.set(0, number);
      return store.raw[0];
    });
    // `numbers` has no negative NaN, because JavaScript does not keep a NaN's sign.
    expect(bits).toEqual(toNested(decode(golden(`${name}-rounded`))));
  });

  test('cannot hold what is no number', () => {
    const store = allocateStore(name, 1) as BFloat16Store;
    expect(thrownBy(() => store.set(0, 1n as never))).toMatchObject({ code: 'NPY_VALUE', fault: 'caller' });
    expect(toNested(fromNested([1, 2n], name))).toEqual([1, 2]);
  });
});

test('is raw bytes to those who do not ask', () => {
  expect(decode(golden('bfloat16'))).toMatchObject({ dtype: 'void', data: { descr: '|V2' } });
  expect(readHeader(golden('float8_e4m3'))).toMatchObject({ dtype: 'void', descr: '<V1' });
  expect(thrownBy(() => readHeader(golden('float8_e5m2')))).toMatchObject({ code: 'NPY_DESCR', fault: 'data' });
  expect(thrownBy(() => decode(golden('float8_e5m2'), { dtype: 'float8_e4m3' }))).toMatchObject({ code: 'NPY_DESCR' });
});

test('is refused where the bytes are others', () => {
  for (const dtype of ['bfloat16', 'float8_e4m3'] as const) {
    expect(thrownBy(() => decode(encode([1] as never), { dtype }))).toMatchObject({ code: 'NPY_ARRAY' });
    expect(thrownBy(() => decode(encode({ data: new Float32Array(1) }), { dtype }))).toMatchObject({
      code: 'NPY_DTYPE',
    });
  }
  expect(thrownBy(() => decode(golden('bfloat16'), { dtype: 'float8_e4m3' }))).toMatchObject({ code: 'NPY_DTYPE' });
});

test('of another name is NPY_DESCR', () => {
  for (const name of ['float32', undefined, [], Object.create(null)]) {
    expect(thrownBy(() => new Float8Store(name as never, 1))).toMatchObject({ code: 'NPY_DESCR' });
  }
});

test('is a view on the bytes given', () => {
  const file = golden('bfloat16');
  const view = decode(file, { dtype: 'bfloat16' });
  expect(view.data.raw.buffer).toBe(file.buffer);
});
