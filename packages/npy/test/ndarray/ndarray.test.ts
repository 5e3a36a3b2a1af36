// The main entry, @bridge/npy, takes and returns arrays of the ndarray package.
import ndarray from 'ndarray';
import { describe, expect, test } from 'vitest';
import {
  type ArrayInput,
  array,
  BoolStore,
  Complex64Store,
  decode,
  decodeStream,
  dtypeOf,
  encode,
  encodeInto,
  encodeParts,
  Float16Store,
  readHeader,
  toNested,
} from '../../src/index.ts';
import { thrownBy } from '../support/npy-files.ts';
import { dtypeNames } from '../support/random-arrays.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

describe('decode', () => {
  test.each(dtypeNames)('%s is an ndarray whose get, set and slices work', (dtype) => {
    const source = array(
      [
        [true, false],
        [false, true],
      ],
      { dtype },
    );
    const decoded = decode(encode(source));
    const one = toNested(array(true, { dtype }));
    expect(dtypeOf(decoded)).toBe(dtype);
    expect([decoded.shape, decoded.stride, decoded.offset]).toEqual([[2, 2], [2, 1], 0]);
    expect(decoded.get(0, 0)).toEqual(one);
    decoded.set(0, 1, one as never);
    expect(toNested(decoded.pick(0, null))).toEqual([one, one]);
    expect(dtypeOf(decoded.transpose(1, 0))).toBe(dtype);
  });

  test('slices are encoded as what they show', () => {
    const picture = array(
      Uint8Array.from({ length: 24 }, (_, i) => i),
      { shape: [4, 6] },
    );
    const corner = picture.lo(1, 2).hi(2, 3);
    expect(toNested(decode(encode(corner)))).toEqual([
      [8, 9, 10],
      [14, 15, 16],
    ]);
    expect(toNested(decode(encode(picture.step(-1, -2))))).toEqual(toNested(picture.step(-1, -2)));
    expect(readHeader(encode(picture.transpose(1, 0)))).toMatchObject({ fortranOrder: true, shape: [6, 4] });
  });

  test('0 axes and 64 axes', () => {
    expect(decode(encode(array(7))).get()).toBe(7);
    const many = decode(encode(array(Uint8Array.of(7), { shape: Array(64).fill(1) })));
    expect(many.get(...Array(64).fill(0))).toBe(7);
  });

  test('a stream of ndarrays', async () => {
    const sums: number[] = [];
    for await (const a of decodeStream([encode([1, 2]), encode([3])], { dtype: 'float64' })) sums.push(a.get(0));
    expect(sums).toEqual([1, 3]);
  });
});

describe('encode takes', () => {
  const expected = encode(ndarray(new Float64Array([1, 2, 3, 4]), [2, 2]));
  test.each<[string, ArrayInput]>([
    [
      'nested lists',
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ['a view', { data: new Float64Array([1, 2, 3, 4]), shape: [2, 2] }],
    ['an ndarray over a list', ndarray([1, 2, 3, 4], [2, 2]) as unknown as ArrayInput],
    ['a list of typed rows', [new Float64Array([1, 2]), new Float64Array([3, 4])]],
  ])('%s', (_, input) => {
    expectSameBytes(encode(input), expected);
    const [header, body] = encodeParts(input);
    expectSameBytes(Uint8Array.from([...header, ...body]), expected);
    const target = new Uint8Array(expected.length);
    expect(encodeInto(input, target)).toBe(expected.length);
    expectSameBytes(target, expected);
  });

  test.each<[string, ArrayInput, string, number[]]>([
    ['a typed array', Int16Array.of(1, 2, 3), '<i2', [3]],
    ['a store', new BoolStore(3), '|b1', [3]],
    ['halves', new Float16Store(3), '<f2', [3]],
    ['complex numbers', new Complex64Store(2), '<c8', [2]],
    ['a number', 5, '<f8', []],
    ['a bigint', 5n, '<i8', []],
    ['a boolean', true, '|b1', []],
    ['one complex number', { re: 1, im: 2 }, '<c16', []],
    ['a Buffer', Buffer.from('abc'), '|u1', [3]],
    ['an ndarray of no axes', ndarray(new Float32Array([1]), []), '<f4', []],
  ])('%s', (_, input, descr, shape) => {
    expect(readHeader(encode(input))).toMatchObject({ descr, shape });
  });

  test('lists of whole numbers as an integer dtype, where one is asked for', () => {
    expect(toNested(decode(encode([[1, 2]], { dtype: '>u2' })))).toEqual([[1, 2]]);
    expect(thrownBy(() => encode([[1, 2.5]], { dtype: 'int8' }))).toMatchObject({ code: 'NPY_VALUE' });
  });

  test.each([undefined, null, Symbol('s'), () => 1, new Map(), { data: 'x' }, { data: undefined }, ['a', 1]])(
    'nothing that is no array: %s',
    (input) => {
      for (const call of [encode, encodeParts, array]) {
        expect(thrownBy(() => call(input as never))).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller' });
      }
    },
  );
});

describe('array', () => {
  test('takes the dtype that the values say, or the one asked for', () => {
    expect(dtypeOf(array([[1, 2]]))).toBe('float64');
    expect(dtypeOf(array([true]))).toBe('bool');
    expect(toNested(array([1, 2], { dtype: 'uint64' }))).toEqual([1n, 2n]);
    expect(toNested(array(Float32Array.of(1, 2), { dtype: 'int8' }))).toEqual([1, 2]);
    expect(thrownBy(() => array(Float32Array.of(1.5), { dtype: 'int8' }))).toMatchObject({ code: 'NPY_VALUE' });
  });

  test('does not copy a typed array, and does copy where the dtype changes', () => {
    const data = Float32Array.of(1, 2, 3, 4);
    expect(array(data, { shape: [2, 2] }).data).toBe(data);
    expect(array(data, { dtype: 'float32' }).data).toBe(data);
    expect(array(data, { dtype: 'float64' }).data).not.toBe(data);
  });

  test('gives strided elements a new shape by copying them', () => {
    const turned = array([
      [1, 2, 3],
      [4, 5, 6],
    ]).transpose(1, 0);
    expect(toNested(array(turned, { shape: [2, 3] }))).toEqual([
      [1, 4, 2],
      [5, 3, 6],
    ]);
    expect(turned.shape).toEqual([3, 2]);
  });

  test('keeps the bits of a NaN when it copies', () => {
    const bits = Uint32Array.of(0x7fa00001, 1, 0xffc12345, 2);
    const column = ndarray(new Float32Array(bits.buffer), [2], [2]);
    expect(new Uint32Array(array(column, { shape: [2, 1], dtype: 'float32' }).data.buffer as ArrayBuffer)).toEqual(
      Uint32Array.of(0x7fa00001, 0xffc12345),
    );
  });

  test.each<[string, unknown]>([
    ['too few', [2, 2]],
    ['too many', [7]],
    ['negative', [-2, -3]],
    ['NaN', [NaN]],
    ['halves', [1.5, 4]],
    ['no list', 6],
    ['null', 'x'],
    ['symbols', [Symbol('n')]],
    ['bigints', [6n]],
    ['too many axes', Array(65).fill(1)],
  ])('refuses a shape of %s', (_, shape) => {
    const values = Uint8Array.of(1, 2, 3, 4, 5, 6);
    expect(thrownBy(() => array(values, { shape: shape as number[] }))).toMatchObject({
      code: 'NPY_ARRAY',
      fault: 'caller',
    });
  });

  test('takes a shape in place of options', () => {
    const data = Uint8Array.of(1, 2, 3, 4);
    const made = array(data, [2, 2]);
    expect([made.data, made.shape, made.dtype]).toEqual([data, [2, 2], 'uint8']);
    expect(made.data).toBe(data);
    expect(toNested(array([1, 2, 3, 4], [2, 2]))).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(array([5], []).get()).toBe(5);
    expect(thrownBy(() => array(data, [3]))).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller' });
  });

  test('shares the memory of a Buffer, and calls it uint8 as the types do', () => {
    const buffer = Buffer.from([1, 2, 3, 4]);
    const made = array(buffer, [2, 2]);
    expect(made.dtype).toBe('uint8');
    expect(Object.getPrototypeOf(made.data)).toBe(Uint8Array.prototype);
    made.set(1, 1, 9);
    expect(buffer[3]).toBe(9);
  });

  test('leaves the pixels of a canvas clamped', () => {
    const made = array(new Uint8ClampedArray(4), [1, 1, 4]);
    made.set(0, 0, 0, 300);
    expect([made.get(0, 0, 0), made.dtype, dtypeOf(made)]).toEqual([255, 'uint8_clamped', 'uint8']);
  });

  test('has the name in ndarray that its type has', () => {
    expect(array(new Float32Array(1)).dtype).toBe('float32');
    expect(array(new BigInt64Array(1)).dtype).toBe('bigint64');
    expect(array(new BigUint64Array(1)).dtype).toBe('biguint64');
    expect(array([true]).dtype).toBe('generic');
    expect(array([1], { dtype: 'bfloat16' }).dtype).toBe('generic');
    expect(array([1], { dtype: 'float16' }).dtype).toBe('Float16Array' in globalThis ? 'float16' : 'generic');
  });

  test('says how many elements there are', () => {
    expect(thrownBy(() => array(new Uint8Array(6), { shape: [2, 2] }))).toMatchObject({
      message: 'npy: 6 elements do not fill shape (2,2)',
      detail: { expected: 4, actual: 6 },
    });
  });

  test('refuses an invalid dtype', () => {
    for (const values of [[1], Uint8Array.of(1)] as const) {
      expect(thrownBy(() => array(values, { dtype: 'nope' as never }))).toMatchObject({
        code: 'NPY_DESCR',
        fault: 'caller',
      });
    }
  });
});

describe('a conversion that cannot fail gives what the checked one gives', () => {
  const names = ['int8', 'uint8', 'int16', 'uint16', 'int32', 'uint32', 'float32', 'float64'] as const;
  const values = [0, 1, 100, 127];
  for (const from of names) {
    for (const to of names) {
      test(`${from} to ${to}`, () => {
        const source = array([values, [...values].reverse()], { dtype: from })
          .transpose(1, 0)
          .step(1, -1);
        const converted = array(source as never, { dtype: to });
        expect(dtypeOf(converted)).toBe(to);
        expect(toNested(converted)).toEqual(toNested(source as never));
      });
    }
  }

  test('and one that can is still refused', () => {
    expect(() => array(new Float32Array([1.5]), { dtype: 'int32' })).toThrow(
      expect.objectContaining({ code: 'NPY_VALUE' }),
    );
    expect(() => array(new Int8Array([-1]), { dtype: 'uint32' })).toThrow(
      expect.objectContaining({ code: 'NPY_VALUE' }),
    );
    expect(() => array(new Uint8Array([200]), { dtype: 'int8' })).toThrow(
      expect.objectContaining({ code: 'NPY_VALUE' }),
    );
  });
});
