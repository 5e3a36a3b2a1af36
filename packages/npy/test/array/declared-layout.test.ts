// Arrays of other libraries are read in the memory order that they declare, or refused with an error that names the library.
import fc from 'fast-check';
import ndarray from 'ndarray';
import { describe, expect, test } from 'vitest';
import * as core from '../../src/core.ts';
import {
  type ArrayInput,
  array,
  decode,
  encode,
  encodeParts,
  isNpyError,
  type NpyError,
  toNested,
} from '../../src/index.ts';
import * as numeric from '../../src/numeric.ts';
import { fromView, toView } from '../../src/pickle/index.ts';
import { thrownBy } from '../support/npy-files.ts';

const inFortranOrder = Float32Array.of(0, 3, 1, 4, 2, 5);
const inCOrder = Float32Array.of(0, 1, 2, 3, 4, 5);
const expected = [
  [0, 1, 2],
  [3, 4, 5],
];
const shape = [2, 3];

/** An array of @stdlib/ndarray: fields behind getters of a class. */
class StdlibLike {
  readonly _buffer: Float32Array;
  readonly _order: string;
  readonly _strides: number[];
  constructor(buffer: Float32Array, order: string, strides: number[]) {
    this._buffer = buffer;
    this._order = order;
    this._strides = strides;
  }
  get data(): Float32Array {
    return this._buffer;
  }
  get shape(): number[] {
    return shape;
  }
  get strides(): number[] {
    return this._strides;
  }
  get offset(): number {
    return 0;
  }
  get order(): string {
    return this._order;
  }
  get dtype(): string {
    return 'float32';
  }
}

const fetchedLater = () => new Response('');

class OrderAlone {
  readonly data = inFortranOrder;
  readonly shape = shape;
  get order(): string {
    return 'F';
  }
}

const understood: [string, { data: unknown; [name: string]: unknown }][] = [
  ['npyjs, Fortran order', { data: inFortranOrder, shape, fortranOrder: true, dtype: 'float32' }],
  ['npyjs, C order', { data: inCOrder, shape, fortranOrder: false, dtype: 'float32' }],
  ['fortran_order', { data: inFortranOrder, shape, fortran_order: true }],
  ["order: 'F'", { data: inFortranOrder, shape, order: 'F' }],
  ["order: 'C'", { data: inCOrder, shape, order: 'C' }],
  ["order: 'column-major'", { data: inFortranOrder, shape, order: 'column-major' }],
  ["order: 'row-major'", { data: inCOrder, shape, order: 'row-major' }],
  ["storage: 'column'", { data: inFortranOrder, shape, storage: 'column' }],
  ['strides, which say all that an order does', { data: inFortranOrder, shape, stride: [1, 2], order: 'K' }],
  ['a getter of a class', new OrderAlone() as never],
  ['@stdlib/ndarray, column-major', new StdlibLike(inFortranOrder, 'column-major', [1, 2]) as never],
  ['@stdlib/ndarray, row-major', new StdlibLike(inCOrder, 'row-major', [3, 1]) as never],
  ['strides of elements', { data: inFortranOrder, shape, strides: [1, 2] }],
  ['strides and an offset', { data: Float32Array.of(9, 0, 3, 1, 4, 2, 5), shape, strides: [1, 2], offset: 1 }],
  [
    'stride and strides: our own name is the one that counts',
    { data: inFortranOrder, shape, stride: [1, 2], strides: [3, 1] },
  ],
  ['negative strides', { data: Float32Array.of(5, 4, 3, 2, 1, 0), shape, strides: [-3, -1], offset: 5 }],
  ['zarrita', { data: inFortranOrder, shape, stride: [1, 2] }],
  [
    'Pyodide',
    {
      data: inFortranOrder,
      shape,
      strides: [1, 2],
      offset: 0,
      c_contiguous: false,
      f_contiguous: true,
      ndim: 2,
      itemsize: 4,
      format: 'f',
      readonly: false,
    },
  ],
  ['a flag alone', { data: inFortranOrder, shape, isFortranContiguous: true }],
  ['both flags', { data: inFortranOrder, shape, c_contiguous: false, f_contiguous: true }],
  ['columnMajor', { data: inFortranOrder, shape, columnMajor: true }],
  ['rowMajor', { data: inCOrder, shape, rowMajor: true }],
  ['not rowMajor', { data: inFortranOrder, shape, rowMajor: false }],
  ['memoryOrder', { data: inFortranOrder, shape, memoryOrder: 'col-major' }],
  ['layout', { data: inFortranOrder, shape, layout: 'fortran' }],
  ['onnxruntime', { data: inCOrder, dims: shape, type: 'float32', size: 6, location: 'cpu' }],
  ['a list of values', { data: [0, 3, 1, 4, 2, 5], shape, fortranOrder: true }],
  ['nested lists', { data: expected }],
  ['nested lists and their shape', { data: expected, shape }],
  ['rows that are typed', { data: [inCOrder.subarray(0, 3), inCOrder.subarray(3)] }],
  ['an ndarray', ndarray(inFortranOrder, shape, [1, 2]) as never],
  ['npyjs, float16 as float32', { data: inCOrder, shape, dtype: 'f2' }],
  ["NumPy's spelling", { data: inCOrder, shape, dtype: '<f4' }],
  ['a word that is no dtype', { data: inCOrder, shape, dtype: 'tensor', type: 'Buffer' }],
  ['a shape behind another spelling', { data: inCOrder, _shape: shape }],
  ['a list of values and its dtype', { data: [0, 1, 2, 3, 4, 5], shape, dtype: 'int16' }],
  ['names that say nothing of the layout', { data: inCOrder, shape, label: 'x', timestamp: 1, length: 6, ndim: 2 }],
];

describe('understood', () => {
  test.each(understood)('%s', (_, like) => {
    const input = like as unknown as ArrayInput;
    expect(toNested(array(input))).toEqual(expected);
    expect(toNested(decode(encode(input)))).toEqual(expected);
    const joined = Buffer.concat(encodeParts(input));
    expect(toNested(decode(joined))).toEqual(expected);
    if (Array.isArray(like.data)) return;
    expect(toNested(core.decode(core.encode(like)))).toEqual(expected);
    expect(core.toNested(like)).toEqual(expected);
    expect(toNested(numeric.decode(numeric.encode(like)))).toEqual(expected);
    expect(toNested(toView(fromView(like)))).toEqual(expected);
  });

  test('values in a list have the dtype that is said of them, unless another is asked for', () => {
    const like = { data: [1, 2], dtype: 'int16' } as ArrayInput;
    expect(array(like).data).toEqual(Int16Array.of(1, 2));
    expect(core.readHeader(encode(like))?.descr).toBe('<i2');
    expect(core.readHeader(encode(like, { dtype: 'float32' }))?.descr).toBe('<f4');
  });

  test('Fortran order is kept in the file, as np.save does', () => {
    const like = { data: inFortranOrder, shape, fortranOrder: true };
    expect(core.readHeader(encode(like))?.fortranOrder).toBe(true);
  });
});

const data = inCOrder;
const refused: [string, string, { data: unknown; [name: string]: unknown }][] = [
  ['an invalid order', 'order', { data, shape, order: 'K' }],
  ['an order of axes', 'order', { data, shape, order: [1, 0] }],
  ['both orders', 'fortranOrder', { data, shape, fortranOrder: true, order: 'C' }],
  ['a transposed one', 'transposed', { data, shape, transposed: true }],
  ['strides in bytes', 'byteStrides', { data, shape, byteStrides: [12, 4] }],
  ['strides in bytes, outside of the data', 'outside', { data, shape, strides: [12, 4] }],
  ['an offset in bytes', 'byteOffset', { data, shape, byteOffset: 8 }],
  [
    'an offset by another name, beside strides',
    'storage_offset',
    { data, shape: [2, 2], stride: [2, 1], storage_offset: 2 },
  ],
  ['offsets', 'offsets', { data, shape: [2, 2], offsets: 2 }],
  ['an offset in elements', 'offset_elements', { data, shape: [2, 2], offset_elements: 2 }],
  ['an offset in bytes, the other way round', 'offsetBytes', { data, shape: [2, 2], offsetBytes: 16 }],
  ['strides that are a method', 'stride', { data, shape, strides: () => [1, 2] }],
  ['a leading dimension', 'lda', { data, shape: [2, 2], lda: 3 }],
  ['foreign byte order', 'byteOrder', { data, shape, byteOrder: '>' }],
  ['a layout that is no text', 'layout', { data, shape, layout: { columns: 3 } }],
  ['what is not contiguous', 'contiguous', { data, shape, contiguous: false }],
  ['ImageData', 'width', { data: new Uint8ClampedArray(24), width: 3, height: 2, colorSpace: 'srgb' }],
  ["sharp's", 'info', { data: Buffer.alloc(18), info: { width: 3, height: 2, channels: 3 } }],
  ['rows and columns', 'rows', { data, rows: 2, cols: 3 }],
  ['another dtype than that of the data', 'complex128', { data: new Float64Array(6), shape: [3], dtype: 'complex128' }],
  ['bytes that are booleans', 'bool', { data: new Uint8Array(6), shape, dtype: 'bool' }],
  ['npyjs, complex numbers', 'complex64', { data: new Float32Array(6), shape: [3], dtype: 'c8' }],
  ['complex numbers among floats', 'complex128', { data: new Float64Array(6), shape: [3], dtype: '<c16' }],
  ['bits of float16', 'float16', { data: new Uint16Array(6), shape, dtype: '<f2' }],
  ['onnxruntime, bits of float16', 'float16', { data: new Uint16Array(6), dims: shape, type: 'float16' }],
  ['bytes that are floats', 'float32', { data: new Uint8Array(24), shape: [24], dtype: '<f4' }],
  ['numRows and numCols', 'numRows', { data, numRows: 2, numCols: 3 }],
  ['nrow and ncol', 'nrow', { data, nrow: 2, ncol: 3 }],
  ['rows with bytes behind them', 'bytesPerRow', { data: new Uint8Array(24), shape: [2, 9], bytesPerRow: 12 }],
  ['a row length', 'stride', { data, shape, stride: 1920 }],
];

describe('refused by name', () => {
  test.each(refused)('%s', (_, name, like) => {
    for (const call of [array, encode, encodeParts, core.encode, core.toNested, numeric.encode, fromView]) {
      const error = thrownBy(() => (call as (input: unknown) => unknown)(like));
      expect(error).toMatchObject({ name: 'NpyError', code: 'NPY_ARRAY', fault: 'caller' });
      expect((error as Error).message).toContain(name);
    }
  });

  test.each<[string, { data: unknown; [name: string]: unknown }]>([
    ['of another shape', { data: expected, shape: [3, 2] }],
    ['with strides', { data: expected, shape, stride: [1, 2] }],
    ['said to be in Fortran order', { data: expected, shape, fortranOrder: true }],
    ['ragged', { data: [[1, 2], [3]] }],
  ])('nested lists %s', (_, like) => {
    const calls: readonly ((input: ArrayInput) => unknown)[] = [array, encode, encodeParts];
    for (const call of calls) {
      expect(
        isNpyError(
          thrownBy(() => call(like as ArrayInput)),
          'NPY_ARRAY',
        ),
      ).toBe(true);
    }
  });

  test('times and texts that are said, and are numbers', () => {
    const times = { data: new BigInt64Array(6), shape, dtype: '<M8[ns]' };
    const texts = { data: new Uint32Array(6), shape: [2], dtype: '<U3' };
    for (const like of [times, texts]) expect(thrownBy(() => encode(like))).toMatchObject({ code: 'NPY_ARRAY' });
  });

  test('values that have to be awaited first, and values that are not numbers', () => {
    const error = (input: unknown) => thrownBy(() => encode(input as ArrayInput)) as NpyError;
    const message = (input: unknown) => error(input).message;
    expect(error(Promise.resolve([1])).detail).toEqual({ kinds: ['Promise'], hint: 'await it first' });
    expect(error(null).detail).toEqual({ kinds: ['null'] });
    expect(message(Promise.resolve([1]))).toBe('npy: no dtype for values of Promise: await it first');
    expect(message([fetchedLater(), fetchedLater()])).toContain('Response: await its arrayBuffer() first');
    expect(message(new Map())).toBe('npy: no dtype for values of Map: give a dtype');
    expect(message(null)).toBe('npy: no dtype for values of null: give a dtype');
  });

  test('a tensor whose data is a method', () => {
    const tensor = { shape, strides: [3], dtype: 'float32', data: async () => inCOrder, dataSync: () => inCOrder };
    const error = thrownBy(() => encode(tensor as never));
    expect(error).toMatchObject({ code: 'NPY_ARRAY' });
    expect((error as Error).message).toContain('function');
  });
});

const words = [
  'order',
  'layout',
  'memoryOrder',
  'fortran',
  'columnMajor',
  'rowMajor',
  'isFortran',
  'strides',
  'c_contiguous',
];

test('under any property names, the values are in C order or in the declared order', () => {
  const value = fc.oneof(fc.constantFrom('C', 'F', 'K', 'column-major', true, false, 0, 1, null), fc.string());
  fc.assert(
    fc.property(fc.constantFrom(...words), value, (name, said) => {
      const like = { data: inCOrder, shape, [name]: said };
      let made: unknown;
      try {
        made = toNested(decode(encode(like as never)));
      } catch (error) {
        expect(isNpyError(error, 'NPY_ARRAY')).toBe(true);
        return;
      }
      const isFortran =
        (typeof said === 'boolean' && /^(is)?(f|c|row)/i.test(name) && said === /^(is)?(f|col)/i.test(name)) ||
        (typeof said === 'string' && /^(f|col)/i.test(said));
      const means = said === null ? false : name === 'strides' ? undefined : isFortran;
      expect(made).toEqual(
        means
          ? [
              [0, 2, 4],
              [1, 3, 5],
            ]
          : expected,
      );
    }),
  );
});
