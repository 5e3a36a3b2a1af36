// Arguments have short forms: dtypes without a width, texts and bytes, records, flat values, headers alone, dates, names of short
// floats.
import { describe, expect, test } from 'vitest';
import * as core from '../../src/core.ts';
import {
  array,
  decode,
  encode,
  encodeHeader,
  hasDType,
  isNpyError,
  NAT,
  ObjectStore,
  ravel,
  readHeader,
  toDate,
  toNested,
} from '../../src/index.ts';
import { pickle } from '../../src/pickle/index.ts';
import { fileWithHeader, thrownBy } from '../support/npy-files.ts';

describe('text and bytes', () => {
  const texts = array(['ab', 'cde']);
  const bytes = array(['ab', 'cde'], { dtype: 'bytes' });

  test.each(['bytes', 'S', '|S', 'S0', 'a'])('texts as %s take the width that they need', (dtype) => {
    expect(array(texts, { dtype }).data).toMatchObject({ descr: '|S3' });
    expect(array(['ab', 'cde'], { dtype }).data).toMatchObject({ descr: '|S3' });
    expect(readHeader(encode(texts, { dtype }))?.descr).toBe('|S3');
    expect(encode(texts, { dtype })).toEqual(encode(bytes));
  });

  test.each(['str', 'U', '<U', 'U0'])('bytes as %s become text', (dtype) => {
    expect(toNested(array(bytes, { dtype }))).toEqual(['ab', 'cde']);
    expect(readHeader(encode(bytes, { dtype }))?.descr).toBe('<U3');
    expect(encode(bytes, { dtype })).toEqual(encode(texts));
  });

  test('of a width that is given', () => {
    expect(array(bytes, { dtype: '<U5' }).data).toMatchObject({ descr: '<U5' });
    expect(toNested(array(bytes, { dtype: '<U5' }))).toEqual(['ab', 'cde']);
    expect(
      isNpyError(
        thrownBy(() => array(bytes, { dtype: '<U2' })),
        'NPY_VALUE',
      ),
    ).toBe(true);
  });

  test('what is not ASCII is refused both ways', () => {
    const latin = array([Uint8Array.of(0xe9)], { dtype: 'bytes' });
    expect(thrownBy(() => array(latin, { dtype: 'str' }))).toMatchObject({
      code: 'NPY_VALUE',
      message: expect.stringContaining('ASCII'),
    });
    expect(thrownBy(() => array(array(['é']), { dtype: 'bytes' }))).toMatchObject({ code: 'NPY_VALUE' });
  });

  test('objects that are texts', () => {
    const objects = array(['ab', 'cdé'], { dtype: 'object' });
    expect(array(objects, { dtype: 'str' }).data).toMatchObject({ descr: '<U3' });
    expect(toNested(array(objects, { dtype: 'U' }))).toEqual(['ab', 'cdé']);
  });

  test('dates by a bare name', () => {
    for (const dtype of ['datetime64', 'M8', '<M8']) {
      expect(array([new Date(5)], { dtype }).data).toMatchObject({ descr: '<M8[ms]' });
    }
  });
});

describe('encode takes what array takes', () => {
  test('a record, of the fields asked for', () => {
    const dtype = [
      ['x', '<f4'],
      ['y', '<f4'],
    ] as const;
    expect(encode({ x: 1, y: 2 } as never, { dtype })).toEqual(encode(array({ x: 1, y: 2 } as never, { dtype })));
    expect(readHeader(encode({ x: 1, y: 2 } as never, { dtype }))?.shape).toEqual([]);
  });

  test('a dict, as an object', () => {
    const dict = new Map<string, unknown>([
      ['a', 1],
      ['b', [2, 3]],
    ]);
    const file = encode(dict as never, { dtype: 'object', objects: pickle });
    expect(file).toEqual(encode({ data: new ObjectStore([dict]), shape: [] }, { objects: pickle }));
    expect(decode(file, { objects: pickle, dtype: 'object' }).get()).toEqual(dict);
  });

  test('a list in data, of the dtype asked for', () => {
    expect(encode({ data: ['ab'] }, { dtype: 'bytes' })).toEqual(encode(array(['ab'], { dtype: 'bytes' })));
  });
});

describe('ravel', () => {
  const fortran = decode(
    encode(
      [
        [0, 1, 2],
        [3, 4, 5],
      ],
      { dtype: 'float32', fortranOrder: true },
    ),
    { dtype: 'float32' },
  );

  test('the elements of a Fortran file in C order', () => {
    expect([...fortran.data]).toEqual([0, 3, 1, 4, 2, 5]);
    expect(ravel(fortran)).toEqual(Float32Array.of(0, 1, 2, 3, 4, 5));
  });

  test('what lies in C order is not copied', () => {
    const a = array(Float32Array.of(0, 1, 2, 3, 4, 5), { shape: [2, 3], dtype: 'float32' });
    expect(ravel(a).buffer).toBe(a.data.buffer);
    expect(ravel(a.pick(1, null))).toEqual(Float32Array.of(3, 4, 5));
    expect(ravel(a.pick(1, null)).buffer).toBe(a.data.buffer);
  });

  test('strided, reversed, repeated, empty, 0-d, of stores and of objects', () => {
    const a = array(Float32Array.of(0, 1, 2, 3, 4, 5), { shape: [2, 3], dtype: 'float32' });
    expect(ravel(a.step(1, -1))).toEqual(Float32Array.of(2, 1, 0, 5, 4, 3));
    expect(ravel(a.transpose(1, 0))).toEqual(Float32Array.of(0, 3, 1, 4, 2, 5));
    expect(ravel({ data: Uint8Array.of(7), shape: [3], stride: [0] })).toEqual(Uint8Array.of(7, 7, 7));
    expect(ravel({ data: new Float32Array(0), shape: [0, 3] })).toEqual(new Float32Array(0));
    expect(ravel(array(5))).toEqual(Float64Array.of(5));
    expect([
      ...(ravel(
        array([
          ['a', 'b'],
          ['c', 'd'],
        ]).transpose(1, 0),
      ) as Iterable<unknown>),
    ]).toEqual(['a', 'c', 'b', 'd']);
    expect([...ravel(array([['a', 'b']], { dtype: 'object' }).transpose(1, 0))]).toEqual(['a', 'b']);
  });

  test('what is no array', () => {
    expect(thrownBy(() => ravel({} as never))).toMatchObject({ code: 'NPY_ARRAY' });
  });
});

describe('encodeHeader', () => {
  test.each<[string, Uint8Array]>([
    [
      'C order',
      encode([
        [1, 2],
        [3, 4],
      ]),
    ],
    [
      'Fortran order',
      encode(
        [
          [1, 2],
          [3, 4],
        ],
        { fortranOrder: true },
      ),
    ],
    ['big-endian', encode([1, 2], { dtype: '>i2' })],
    ['0-d', encode(5)],
    ['text', encode(['abc'])],
    ['structures', encode([{ x: 1 }] as never, { dtype: [['x', '<f4']] })],
    ['version 2.0', encode([1], { version: [2, 0] })],
  ])('writes what encode writes: %s', (_, file) => {
    const header = readHeader(file);
    if (!header) throw new Error('no header');
    expect(encodeHeader(header)).toEqual(file.subarray(0, header.dataOffset));
    expect(core.encodeHeader(header)).toEqual(encodeHeader(header));
  });

  test('of an array that no memory holds', () => {
    expect(readHeader(encodeHeader({ dtype: 'uint8', shape: [10_000_000, 480, 640, 3] }))).toMatchObject({
      dtype: 'uint8',
      shape: [10_000_000, 480, 640, 3],
      fortranOrder: false,
    });
  });

  test('the first axis grows in place', () => {
    const [one, many] = [1, 123_456_789].map((n) => encodeHeader({ dtype: '<f4', shape: [n, 3] }));
    expect(one?.length).toBe(many?.length);
  });

  test('a width of 0 that is spelled is one', () => {
    expect(readHeader(encodeHeader({ dtype: '|S0', shape: [3] }))).toMatchObject({ descr: '|S0', shape: [3] });
    expect(readHeader(encodeHeader({ dtype: [], shape: [3] }))).toMatchObject({ dtype: 'struct', dataBytes: 0 });
  });

  test.each<[string, unknown, string]>([
    ['no shape', { dtype: 'uint8' }, 'NPY_ARRAY'],
    ['no dtype', { shape: [1] }, 'NPY_DESCR'],
    ['a shape that is a number', { dtype: 'uint8', shape: 3 }, 'NPY_ARRAY'],
    ['a negative size', { dtype: 'uint8', shape: [-1] }, 'NPY_ARRAY'],
    ['an invalid dtype', { dtype: 'float31', shape: [1] }, 'NPY_DESCR'],
    ['a dtype without its width', { dtype: 'str', shape: [1] }, 'NPY_DESCR'],
    ['a letter without its width', { dtype: 'S', shape: [1] }, 'NPY_DESCR'],
    ['a letter with a byte order and without its width', { descr: '<U', shape: [1] }, 'NPY_DESCR'],
    ['a name that is not known', { dtype: 'uint8', shape: [1], order: 'F' }, 'NPY_OPTION'],
    ['a dtype alone', 'float32', 'NPY_OPTION'],
    ['a list', [2, 3], 'NPY_OPTION'],
    ['nothing', undefined, 'NPY_DESCR'],
  ])('refuses %s', (_, header, code) => {
    expect(thrownBy(() => encodeHeader(header as never))).toMatchObject({ name: 'NpyError', code, fault: 'caller' });
  });
});

describe('toDate', () => {
  test.each<[bigint, string, 'floor' | 'nearest', number]>([
    [1n, 'ns', 'floor', 0],
    [-1n, 'ns', 'floor', -1],
    [1_499_999n, 'ns', 'nearest', 1],
    [1_500_000n, 'ns', 'nearest', 2],
    [-1_500_000n, 'ns', 'nearest', -1],
    [1_700_000_000_123_456_789n, 'ns', 'floor', 1_700_000_000_123],
    [1_700_000_000_123_956_789n, 'ns', 'nearest', 1_700_000_000_124],
    [3n, 'D', 'floor', 259_200_000],
  ])('%s %s, rounded to %s', (count, unit, rounding, ms) => {
    expect(toDate(count, unit, { rounding })?.getTime()).toBe(ms);
  });

  test('NaT, and what no Date reaches, is undefined however it is rounded', () => {
    for (const rounding of ['exact', 'floor', 'nearest'] as const) {
      expect(toDate(NAT, 'ns', { rounding })).toBeUndefined();
      expect(toDate(5n, 'generic', { rounding })).toBeUndefined();
      expect(toDate(2n ** 62n, 's', { rounding })).toBeUndefined();
    }
    expect(toDate(1n, 'ns')).toBeUndefined();
  });

  test('of a store, and with invalid options', () => {
    const { data } = array([1n], { dtype: 'datetime64' });
    expect(data.toDate(0)).toBeUndefined();
    const ns = array([1_000_001n], { dtype: '<M8[ns]' });
    if (hasDType(ns.data, 'datetime64')) expect(ns.data.toDate(0, { rounding: 'floor' })?.getTime()).toBe(1);
    for (const wrong of ['floor', { rounding: 'up' }, { round: true }, 1]) {
      expect(thrownBy(() => toDate(1n, 'ns', wrong as never))).toMatchObject({ code: 'NPY_OPTION' });
    }
  });
});

describe('short floats by ml_dtypes’ own name', () => {
  const two = Uint8Array.of(0xc0, 0x3f, 0x00, 0xc0);
  const file = (descr: string, data = two, n = 2): Uint8Array =>
    fileWithHeader(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${n},), }`, 1, data);

  test.each(['bfloat16', '<bfloat16', '=bfloat16', '<V2', '|V2'])('%s', (descr) => {
    expect(toNested(decode(file(descr), { dtype: 'bfloat16' }))).toEqual([1.5, -2]);
    expect(core.decode(file(descr), { dtype: 'bfloat16' }).dtype).toBe('bfloat16');
  });

  test('>bfloat16 is swapped', () => {
    expect(toNested(decode(file('>bfloat16', Uint8Array.of(0x3f, 0xc0, 0xc0, 0x00)), { dtype: 'bfloat16' }))).toEqual([
      1.5, -2,
    ]);
  });

  test.each([
    'float8_e3m4',
    'float8_e4m3',
    'float8_e4m3b11fnuz',
    'float8_e4m3fn',
    'float8_e4m3fnuz',
    'float8_e5m2',
    'float8_e5m2fnuz',
    'float8_e8m0fnu',
  ] as const)('%s', (dtype) => {
    const byte = Uint8Array.of(0x40);
    expect(toNested(decode(file(dtype, byte, 1), { dtype }))).toEqual(
      toNested(decode(file('|V1', byte, 1), { dtype })),
    );
    expect(thrownBy(() => decode(file(dtype, byte, 1)))).toMatchObject({
      code: 'NPY_DESCR',
      message: expect.stringContaining(`dtype: '${dtype}'`),
    });
  });

  test('another one than that of the file is refused', () => {
    expect(thrownBy(() => decode(file('float8_e4m3fn', two), { dtype: 'float8_e5m2' }))).toMatchObject({
      code: 'NPY_DTYPE',
    });
    expect(thrownBy(() => decode(file('bfloat16'), { dtype: 'float32' }))).toMatchObject({ code: 'NPY_DESCR' });
  });
});

test('hasDType', () => {
  const a = decode(encode([1, 2]));
  expect(hasDType(a, 'float64')).toBe(true);
  expect(hasDType(a.data, 'float64')).toBe(true);
  expect(hasDType(a, 'float32')).toBe(false);
  expect(thrownBy(() => hasDType(a, 'float' as never))).toMatchObject({ code: 'NPY_DESCR' });
});
