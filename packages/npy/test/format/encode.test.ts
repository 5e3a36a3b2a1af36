// encode, encodeParts and encodeInto: the arrays that they accept, the memory that they share, and the errors.
import { describe, expect, test } from 'vitest';
import {
  allocateStore,
  BoolStore,
  Complex64Store,
  type DTypeName,
  decode,
  type EncodeOptions,
  encode,
  encodeInto,
  encodeParts,
  readHeader,
  toNested,
  type ViewLike,
} from '../../src/core.ts';
import { thrownBy } from '../support/npy-files.ts';
import { dtypeNames } from '../support/random-arrays.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

const ramp = { data: Float32Array.from([0, 1, 2, 3, 4, 5]), shape: [2, 3] };

describe('what is left out of a view', () => {
  test('no shape is one axis, no strides are C order, no offset is 0', () => {
    expect(readHeader(encode({ data: new Int16Array(5) }))?.shape).toEqual([5]);
    expectSameBytes(encode({ ...ramp, stride: [3, 1], offset: 0 }), encode(ramp));
  });

  test('Uint8ClampedArray is uint8, and a store keeps its dtype', () => {
    expect(readHeader(encode({ data: new Uint8ClampedArray(2) }))?.descr).toBe('|u1');
    for (const dtype of dtypeNames) expect(readHeader(encode({ data: allocateStore(dtype, 3) }))?.dtype).toBe(dtype);
  });
});

describe('order', () => {
  const flag = (shape: number[], stride: number[]): boolean | undefined =>
    readHeader(encode({ data: new Uint8Array(24), shape, stride }))?.fortranOrder;

  test.each([
    [[2, 3], [3, 1], false],
    [[2, 3], [1, 2], true],
    [[2, 3], [4, 1], false],
    [[6], [1], false],
    [[6], [2], false],
    [[1, 6], [1, 1], false],
    [[6, 1], [1, 6], false],
    [[0, 3], [1, 0], false],
    [[], [], false],
    [[2, 1, 3], [1, 99, 2], true],
    [[2, 3], [0, 1], false],
  ])('shape %j, strides %j: fortran_order %s', (shape, stride, expected) => {
    expect(flag(shape, stride)).toBe(expected);
  });

  test('can be asked for', () => {
    for (const fortranOrder of [true, false]) {
      const file = encode(ramp, { fortranOrder });
      expect(readHeader(file)?.fortranOrder).toBe(fortranOrder);
      expect(toNested(decode(file))).toEqual([
        [0, 1, 2],
        [3, 4, 5],
      ]);
    }
  });
});

describe('memory', () => {
  test('the body of a contiguous native array is its own memory', () => {
    const [header, body] = encodeParts({ ...ramp, shape: [2, 2], offset: 2 });
    expect(body.buffer).toBe(ramp.data.buffer);
    expect([body.byteOffset, body.length, header.length]).toEqual([8, 16, 128]);
  });

  test('the body of any other is not', () => {
    expect(encodeParts({ ...ramp, stride: [1, 2] }, { fortranOrder: false })[1].buffer).not.toBe(ramp.data.buffer);
    expect(encodeParts(ramp, { dtype: '>f4' })[1].buffer).not.toBe(ramp.data.buffer);
    expect(encodeParts(ramp, { dtype: 'float64' })[1].buffer).not.toBe(ramp.data.buffer);
    expect([...ramp.data]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  test('encode is fresh memory', () => {
    expect(encode(ramp).buffer).not.toBe(ramp.data.buffer);
  });

  test.each([6, 48])('a body keeps the size that its header says, whatever becomes of its memory: %i bytes', (left) => {
    const memory = new ArrayBuffer(24, { maxByteLength: 48 });
    for (const data of [new Uint8Array(memory), new Float32Array(memory)]) {
      memory.resize(24);
      const [, body] = encodeParts({ data, shape: [data.length] });
      expect(body.length).toBe(24);
      memory.resize(left);
      // A view whose memory shrank below its end has a length of 0.
      expect(body.length).toBe(left < 24 ? 0 : 24);
    }
  });

  test('shared and resizable memory is read as any other', () => {
    const shared = new Float32Array(new SharedArrayBuffer(24));
    const growing = new Float32Array(new ArrayBuffer(24, { maxByteLength: 48 }));
    for (const data of [shared, growing]) {
      data.set(ramp.data);
      expectSameBytes(encode({ data, shape: [2, 3] }), encode(ramp));
      expectSameBytes(
        encode({ data, shape: [3, 2], stride: [1, 3] }),
        encode({ ...ramp, shape: [3, 2], stride: [1, 3] }),
      );
    }
  });
});

describe('encodeInto', () => {
  test('writes to the front and leaves the rest', () => {
    const target = new Uint8Array(200).fill(7);
    expect(encodeInto(ramp, target)).toBe(152);
    expectSameBytes(target.subarray(0, 152), encode(ramp));
    expect(target.subarray(152).every((byte) => byte === 7)).toBe(true);
  });

  test('takes a Buffer and a target that fits exactly', () => {
    const target = Buffer.alloc(152);
    expect(encodeInto(ramp, target)).toBe(152);
    expectSameBytes(target, encode(ramp));
  });

  test('takes a target whose memory is the array’s own', () => {
    const expected = encode(ramp);
    for (const start of [0, 4, 60, 128, 160]) {
      const memory = new Uint8Array(256);
      const data = new Float32Array(memory.buffer, start, 6);
      data.set(ramp.data);
      encodeInto({ data, shape: [2, 3] }, memory);
      expectSameBytes(memory.subarray(0, 152), expected);
    }
  });

  test('refuses a target that is too small, before a byte is written', () => {
    const target = new Uint8Array(151);
    expect(thrownBy(() => encodeInto(ramp, target))).toMatchObject({
      code: 'NPY_TARGET',
      fault: 'caller',
      message: 'npy: the array takes 152 bytes, the target has 151',
      detail: { expected: 152, actual: 151 },
    });
    expect(target.every((byte) => byte === 0)).toBe(true);
  });

  test.each([undefined, null, 'abc', [], {}, new ArrayBuffer(500)])('refuses %s as a target', (target) => {
    expect(thrownBy(() => encodeInto(ramp, target as unknown as Uint8Array))).toMatchObject({
      code: 'NPY_TARGET',
      message: 'npy: the target must be a Uint8Array',
    });
  });
});

describe('the dtype asked for', () => {
  test('names and descrs are the same thing', () => {
    expectSameBytes(encode(ramp, { dtype: 'float64' }), encode(ramp, { dtype: '<f8' }));
    expectSameBytes(encode(ramp, { dtype: 'float64', descr: '>i2' }), encode(ramp, { dtype: '>i2' }));
    expect(readHeader(encode(ramp, { dtype: '=i4' }))?.descr).toBe('<i4');
  });

  test.each(['nope', '<f3', '', '__proto__', 5, null, {}])('%s is invalid', (dtype) => {
    const options = { dtype: dtype as DTypeName };
    if (dtype === null) expect(readHeader(encode(ramp, options))?.dtype).toBe('float32');
    else expect(thrownBy(() => encode(ramp, options))).toMatchObject({ code: 'NPY_DESCR', fault: 'caller' });
  });

  test('objects are NPY_OBJECTS', () => {
    expect(thrownBy(() => encode(ramp, { dtype: '|O' }))).toMatchObject({ code: 'NPY_OBJECTS', fault: 'caller' });
  });

  test('what readHeader says asks for the same file again', () => {
    const file = encode(ramp, { dtype: '>f4', fortranOrder: true, version: [2, 0] });
    expectSameBytes(encode(decode(file), readHeader(file)), file);
  });
});

describe('no array:', () => {
  const gone = new Float32Array(6);
  structuredClone(gone.buffer, { transfer: [gone.buffer] });
  const shrunk = new ArrayBuffer(24, { maxByteLength: 48 });
  const outside = new Float32Array(shrunk, 8, 4);
  shrunk.resize(4);
  const data = new Float32Array(6);
  const holes: number[] = [];
  holes[1] = 1;

  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 5],
    ['nothing in it', {}],
    ['data that is a list', { data: [1, 2] }],
    ['data that is a DataView', { data: new DataView(new ArrayBuffer(8)) }],
    ['data that is an ArrayBuffer', { data: new ArrayBuffer(8) }],
    ['data that is a Proxy', { data: new Proxy(data, {}) }],
    ['data that only names a dtype', { data: { dtype: 'bool', length: 3 } }],
    ['a store without get and set', { data: { dtype: 'bool', raw: new Uint8Array(3) } }],
    ['a store of no known dtype', { data: { dtype: 'constructor', raw: new Uint8Array(3), get() {}, set() {} } }],
    ['data transferred away', { data: gone }],
    ['data transferred away, with a shape', { data: gone, shape: [6] }],
    ['a buffer that shrank below the data', { data: outside, shape: [4] }],
    ['a shape that is no list', { data, shape: 6 }],
    ['a typed array as shape', { data, shape: Int32Array.of(6) }],
    ['strides that are no list', { data, shape: [6], stride: 'x' }],
    ['too few strides', { data, shape: [2, 3], stride: [1] }],
    ['NaN as a size', { data, shape: [NaN] }],
    ['NaN as a stride', { data, shape: [2, 3], stride: [NaN, 1] }],
    ['NaN as a stride of an empty array', { data, shape: [0, 3], stride: [NaN, 1] }],
    ['NaN as offset', { data, offset: NaN }],
    ['Infinity as a size', { data, shape: [Infinity] }],
    ['Infinity as a stride', { data, shape: [2], stride: [Infinity] }],
    ['a half as a size', { data, shape: [1.5] }],
    ['a half as a stride', { data, shape: [2], stride: [0.5] }],
    ['a negative size', { data, shape: [-1] }],
    ['two negative sizes', { data, shape: [-2, -3] }],
    ['a string as a size', { data, shape: ['2', 3] }],
    ['a bigint as a size', { data, shape: [2n] }],
    ['a symbol as a size', { data, shape: [Symbol('n')] }],
    ['an object as a size', { data, shape: [Object.create(null)] }],
    ['a hole as a size', { data, shape: holes }],
    ['a hole as a stride', { data, shape: [2, 3], stride: holes }],
    ['more elements than there are', { data, shape: [7] }],
    ['a stride past the end', { data, shape: [2, 3], stride: [4, 1] }],
    ['a stride below the start', { data, shape: [2, 3], stride: [-3, 1] }],
    ['an offset past the end', { data, shape: [], offset: 6 }],
    ['an offset below the start', { data, shape: [], offset: -1 }],
    ['a shape that overflows', { data, shape: [2 ** 40, 2 ** 40], stride: [0, 0] }],
    ['an empty shape that overflows', { data, shape: [0, 2 ** 40, 2 ** 40] }],
    ['an empty shape that overflows to Infinity', { data, shape: [...Array(60).fill(2 ** 52), 0] }],
    ['65 axes', { data, shape: Array(65).fill(1) }],
    ['ten million axes', { data, shape: Array(10_000_000).fill(1) }],
  ])('%s', (_, view) => {
    for (const call of [encode, encodeParts, toNested]) {
      expect(thrownBy(() => call(view as ViewLike))).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller' });
    }
  });

  test('the message says how far an array would reach', () => {
    expect(thrownBy(() => encode({ data, shape: [2, 3], stride: [4, -1], offset: 1 }))).toMatchObject({
      message: 'npy: elements -1 to 5 are outside of data of length 6',
      detail: { shape: [2, 3], stride: [4, -1], offset: 1, length: 6 },
    });
    expect(thrownBy(() => encode({ data: [1, 2] }))).toMatchObject({
      message: 'npy: expected an array with a shape and typed data, got data of Array',
    });
  });

  test('an array with no memory to hold it is NPY_LIMIT', () => {
    const broadcast = { data: new Uint8Array(1), shape: [2 ** 50], stride: [0] };
    expect(thrownBy(() => encode(broadcast))).toMatchObject({
      code: 'NPY_LIMIT',
      message: `npy: no memory for ${2 ** 50} bytes`,
    });
    expect(thrownBy(() => encode(broadcast, { dtype: 'float64' }))).toMatchObject({ code: 'NPY_LIMIT' });
  });
});

describe('an array of unusual objects', () => {
  test('a store whose length is wrong is measured by its memory', () => {
    const store = { dtype: 'bool', raw: new Uint8Array(3), length: 1e9, get: () => true, set() {} };
    expect(readHeader(encode({ data: store }))?.shape).toEqual([3]);
    expect(thrownBy(() => encode({ data: store, shape: [4] }))).toMatchObject({ code: 'NPY_ARRAY' });
    const longer = Object.defineProperty(new Uint8Array(3), 'length', { value: 1e9 });
    expect(encode({ data: longer }).length).toBe(131);
  });

  test('a Proxy of an array is an array', () => {
    const shape = new Proxy([2, 3], {});
    expectSameBytes(encode(new Proxy({ ...ramp, shape }, {})), encode(ramp));
  });
});

test('stores of another copy of the package are stores', () => {
  const bools = { dtype: 'bool', raw: Uint8Array.of(1, 0), length: 2, get: () => true, set() {} };
  expectSameBytes(encode({ data: bools }), encode({ data: new BoolStore(Uint8Array.of(1, 0)) }));
});

test('64 axes go there and back', () => {
  const shape = Array.from({ length: 64 }, (_, i) => (i % 32 === 5 ? 2 : 1));
  const data = new Complex64Store(Float32Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  for (const fortranOrder of [true, false]) {
    const file = encode({ data, shape }, { fortranOrder });
    expect(decode(file).shape).toEqual(shape);
    expectSameBytes(encode(decode(file), { fortranOrder: false }), encode({ data, shape }));
  }
});

test('options that readHeader gave for another array are still only options', () => {
  const options: EncodeOptions = { ...readHeader(encode(ramp)) };
  expect(decode(encode({ data: Float32Array.of(1, 2) }, options)).shape).toEqual([2]);
});
