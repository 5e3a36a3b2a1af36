// decode returns views and copies, checks the dtype that was asked for, refuses truncated files, and takes bytes of every class.
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { decode, encode } from '../../src/core.ts';
import { fileWithHeader, headerText, thrownBy } from '../support/npy-files.ts';
import { dtypeNames } from '../support/random-arrays.ts';

const floats = encode({ data: new Float32Array([1, 2, 3, 4, 5, 6]), shape: [2, 3] });

describe('memory', () => {
  test('aligned native data is viewed where it lies', () => {
    const view = decode(floats, { dtype: 'float32' });
    expect(view.data.buffer).toBe(floats.buffer);
    view.data[0] = 42;
    expect(new DataView(floats.buffer).getFloat32(128, true)).toBe(42);
    view.data[0] = 1;
  });

  test('copy: true is fresh memory of exactly the data', () => {
    const { data } = decode(floats, { dtype: 'float32', copy: true });
    expect(data.buffer).not.toBe(floats.buffer);
    expect(data.buffer.byteLength).toBe(24);
  });

  test('unaligned data is copied, and the caller’s bytes are left alone', () => {
    for (let lead = 1; lead < 16; lead++) {
      const memory = new Uint8Array(floats.length + lead + 5).fill(0xaa);
      memory.set(floats, lead);
      const before = Uint8Array.from(memory);
      const { data } = decode(memory.subarray(lead), { dtype: 'float32' });
      expect([...data]).toEqual([1, 2, 3, 4, 5, 6]);
      expect(data.buffer === memory.buffer).toBe(lead % 4 === 0);
      expect(memory).toEqual(before);
    }
  });

  test('big-endian data is copied and swapped, and the caller’s bytes are left alone', () => {
    const big = encode(decode(floats), { dtype: '>f4' });
    const before = Uint8Array.from(big);
    expect([...decode(big, { dtype: 'float32' }).data]).toEqual([1, 2, 3, 4, 5, 6]);
    expect(big).toEqual(before);
  });

  test('what follows the last element is not part of the data', () => {
    const { data } = decode(Uint8Array.from([...floats, 9, 9, 9]), { dtype: 'float32' });
    expect(data.length).toBe(6);
  });
});

describe('the dtype asked for', () => {
  test.each(dtypeNames)('%s is given, or refused with NPY_DTYPE', (dtype) => {
    const error = thrownBy(() => decode(floats, { dtype: dtype === 'float32' ? 'uint8' : dtype }));
    const expected = dtype === 'float32' ? 'uint8' : dtype;
    expect(error).toMatchObject({
      code: 'NPY_DTYPE',
      fault: 'caller',
      message: `npy: expected ${expected}, the array is float32 (<f4)`,
      detail: { expected, actual: 'float32' },
    });
  });
});

describe('truncation', () => {
  test('is NPY_TRUNCATED at every length, in the header and in the data', () => {
    for (let length = 0; length < floats.length; length++) {
      const part = length < 128 ? 'header' : 'data';
      expect(thrownBy(() => decode(floats.subarray(0, length)))).toMatchObject({
        code: 'NPY_TRUNCATED',
        fault: 'data',
        message: `npy: the bytes end inside the ${part}, after ${length}${part === 'data' ? ` of ${floats.length}` : ''} bytes`,
        detail: { part, received: length, expected: part === 'data' ? floats.length : undefined },
      });
    }
  });

  test('a claim of 2^50 elements costs nothing', () => {
    const claim = fileWithHeader(headerText({ shape: `(${2 ** 50},)` }));
    expect(thrownBy(() => decode(claim))).toMatchObject({ code: 'NPY_TRUNCATED' });
    expect(
      thrownBy(() => decode(claim, { copy: true, limits: { maxBytes: Infinity, maxElements: Infinity } })),
    ).toMatchObject({
      code: 'NPY_TRUNCATED',
    });
  });

  test('empty arrays of any extent are there at once, and go back to the same bytes', () => {
    for (const shape of [[0], [10 ** 12, 0], [0, 2 ** 40, 2 ** 20], [...Array(63).fill(1), 0]]) {
      const file = encode({ data: new Uint8Array(0), shape });
      const view = decode(file);
      expect(view.shape).toEqual(shape);
      expect(encode(view)).toEqual(file);
    }
  });
});

describe('bytes', () => {
  test('of a Buffer, an ArrayBuffer, shared or resizable memory, a DataView, another realm', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(floats.length));
    shared.set(floats);
    const resizable = new Uint8Array(new ArrayBuffer(floats.length, { maxByteLength: 1000 }));
    resizable.set(floats);
    const foreign = runInNewContext('new Uint8Array(length)', { length: floats.length }) as Uint8Array;
    foreign.set(floats);
    const sources: unknown[] = [Buffer.from(floats), floats.buffer, shared, shared.buffer, resizable, resizable.buffer];
    for (const source of [...sources, foreign, foreign.buffer, new DataView(floats.buffer)]) {
      expect([...decode(source as Uint8Array, { dtype: 'float32' }).data]).toEqual([1, 2, 3, 4, 5, 6]);
    }
  });

  const detached = (): Uint8Array => {
    const bytes = Uint8Array.from(floats);
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] });
    return bytes;
  };
  const lookalike = { [Symbol.toStringTag]: 'ArrayBuffer', byteLength: 1e12, length: 1e12 };
  test.each<[string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a number', 5],
    ['a string', '\x93NUMPY'],
    ['a list', [...floats]],
    ['what only calls itself a buffer', lookalike],
    ['a Proxy of bytes', new Proxy(floats, {})],
    ['a Proxy of a buffer', new Proxy(floats.buffer, {})],
    ['an object with the prototype of bytes', Object.create(Uint8Array.prototype)],
    ['bytes whose memory was transferred away', detached()],
    ['a buffer that was transferred away', detached().buffer],
  ])('%s is NPY_ARRAY', (_, bytes) => {
    expect(thrownBy(() => decode(bytes as Uint8Array))).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller' });
  });

  test('a subclass that lies about its length is read by its memory', () => {
    class Liar extends Uint8Array {
      override get length(): number {
        return 1e9;
      }
    }
    const liar = new Liar(Uint8Array.from(floats).buffer, 0, 140);
    expect(thrownBy(() => decode(liar))).toMatchObject({ code: 'NPY_TRUNCATED', detail: { received: 140 } });
  });
});
