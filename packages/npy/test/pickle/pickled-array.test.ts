// encodePickle and decodePickle without Python: options, views on the bytes, limits.
import { describe, expect, test } from 'vitest';
import { BFloat16Store, type DTypeName, isNpyError, ObjectStore, prepareArray } from '../../src/core.ts';
import {
  decodePickle,
  encodePickle,
  encodePickleParts,
  NumpyArray,
  pickle,
  readPickleHeader,
} from '../../src/pickle/index.ts';
import { writePickle } from '../../src/pickle/write/pickle-writer.ts';
import { anything, oneOf, options, problemsOf, use } from '../support/misuse.ts';
import { thrownBy } from '../support/npy-files.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

const ramp = { data: Float32Array.from([0, 1, 2, 3, 4, 5]), shape: [2, 3] };
const dialect = { protocol: 4, numpyCore: 'numpy._core' } as const;

describe('encodePickle', () => {
  test('protocol 4 of NumPy 2 by default, and others when asked', () => {
    expect([...encodePickle(ramp).subarray(0, 2)]).toEqual([0x80, 4]);
    expect(Buffer.from(encodePickle(ramp)).includes('numpy._core.multiarray')).toBe(true);
    const old = encodePickle(ramp, { protocol: 3, numpyCore: 'numpy.core' });
    expect([...old.subarray(0, 2)]).toEqual([0x80, 3]);
    expect(Buffer.from(old).includes('numpy.core.multiarray')).toBe(true);
    expect(Buffer.from(encodePickle(ramp, { protocol: 5 })).includes('_frombuffer')).toBe(true);
  });

  test.each([3, 4, 5] as const)('large data is the memory of the array itself, in protocol %i', (protocol) => {
    const data = new Uint8Array(921_600).fill(7);
    const parts = encodePickleParts({ data, shape: [480, 640, 3] }, { protocol });
    expect(parts[1]?.buffer).toBe(data.buffer);
    expect(Buffer.concat(parts).equals(encodePickle({ data, shape: [480, 640, 3] }, { protocol }))).toBe(true);
    expectSameBytes(decodePickle(Buffer.concat(parts), { dtype: 'uint8' }).data, data);
  });

  test('4 GiB have a length of 8 bytes; protocol 3 has none', () => {
    // The elements are never touched, so the system gives them no memory.
    const data = new Uint8Array(2 ** 32);
    for (const [protocol, opcode] of [
      [4, 0x8e],
      [5, 0x96],
    ] as const) {
      const [head, body, tail] = encodePickleParts({ data }, { protocol });
      expect(head?.subarray(-9)).toEqual(Uint8Array.of(opcode, 0, 0, 0, 0, 1, 0, 0, 0));
      expect(body?.length).toBe(2 ** 32);
      expect(tail?.at(-1)).toBe(0x2e);
    }
    expect(
      isNpyError(
        thrownBy(() => encodePickleParts({ data }, { protocol: 3 })),
        'NPY_VALUE',
      ),
    ).toBe(true);
  });

  test('another dtype, and values that do not fit it', () => {
    expect(decodePickle(encodePickle(ramp, { dtype: '>i2' }))).toMatchObject({ dtype: 'int16', shape: [2, 3] });
    expect(
      isNpyError(
        thrownBy(() => encodePickle({ data: [300] as never }, { dtype: 'uint8' })),
        'NPY_ARRAY',
      ),
    ).toBe(true);
    expect(
      isNpyError(
        thrownBy(() => encodePickle({ data: Int16Array.of(300) }, { dtype: 'uint8' })),
        'NPY_VALUE',
      ),
    ).toBe(true);
  });

  test('a prepared array, in the dtype that it was prepared for', () => {
    expectSameBytes(encodePickle(prepareArray(ramp)), encodePickle(ramp));
    expectSameBytes(encodePickle(prepareArray(ramp, { dtype: '>i2' })), encodePickle(ramp, { dtype: '>i2' }));
    const strided = { data: ramp.data, shape: [3], stride: [2] };
    expectSameBytes(encodePickle(prepareArray(strided)), encodePickle(strided));
    const again = thrownBy(() => encodePickle(prepareArray(ramp), { dtype: '>i2' }));
    expect(again).toMatchObject({ code: 'NPY_OPTION' });
    const objects = prepareArray({ data: new ObjectStore([{}]) });
    expect(thrownBy(() => encodePickle(objects))).toMatchObject({ code: 'NPY_OBJECTS' });
    const lent = new Float32Array(6);
    const prepared = prepareArray({ data: lent });
    structuredClone(lent, { transfer: [lent.buffer] });
    expect(thrownBy(() => encodePickle(prepared))).toMatchObject({ code: 'NPY_ARRAY' });
  });

  test('short floats are raw bytes to NumPy', () => {
    const pickled = encodePickle({ data: new BFloat16Store(Uint16Array.of(0x3f80)) });
    expect(decodePickle(pickled).dtype).toBe('void');
    expect(decodePickle(pickled, { dtype: 'bfloat16' }).data.get(0)).toBe(1);
  });
});

describe('readPickleHeader', () => {
  test('says what decodePickle decodes', () => {
    const pickled = encodePickle(ramp, { dtype: '>f4' });
    const shape = [2, 3];
    expect(readPickleHeader(pickled)).toEqual({
      dtype: 'float32',
      descr: '>f4',
      shape,
      fortranOrder: false,
      dataBytes: 24,
    });
    const transposed = { data: ramp.data, shape: [3, 2], stride: [1, 3] };
    expect(readPickleHeader(encodePickle(transposed))).toMatchObject({ shape: [3, 2], fortranOrder: true });
    const objects = encodePickle({ data: new ObjectStore(['a']) });
    expect(thrownBy(() => readPickleHeader(objects))).toMatchObject({ code: 'NPY_OBJECTS' });
    const dataBytes = Number.POSITIVE_INFINITY;
    expect(readPickleHeader(objects, { objects: true })).toMatchObject({ dtype: 'object', shape: [1], dataBytes });
  });

  test('reads an array of 1 GiB that is not aligned', () => {
    // Only the start and the end of the buffer are touched, so the system gives no memory to the rest.
    const [head, body, tail] = encodePickleParts({ data: new Float64Array(2 ** 27) });
    const whole = new Uint8Array(2 ** 30 + 1000);
    whole.set(head ?? []);
    whole.set(tail ?? [], (head?.length ?? 0) + (body?.length ?? 0));
    expect(readPickleHeader(whole)).toMatchObject({ shape: [2 ** 27], dataBytes: 2 ** 30 });
  });
});

describe('decodePickle', () => {
  const pickled = encodePickle({ data: new Uint8Array(1000).fill(1), shape: [10, 100] });

  test('is a view where the elements are aligned, and a copy when asked', () => {
    expect(decodePickle(pickled, { dtype: 'uint8' }).data.buffer).toBe(pickled.buffer);
    expect(decodePickle(pickled, { dtype: 'uint8', copy: true }).data.buffer).not.toBe(pickled.buffer);
    expect(decodePickle(Buffer.from(pickled), { dtype: 'uint8' })).toMatchObject({ dtype: 'uint8', stride: [100, 1] });
  });

  test('bytes behind the pickle are refused if the pickle has to be whole', () => {
    const one = encodePickle({ data: Uint8Array.of(1, 2) });
    const two = Uint8Array.of(...one, ...one);
    for (const read of [decodePickle, readPickleHeader]) {
      expect(read(one, { whole: true }).shape).toEqual([2]);
      expect(read(two, { whole: false }).shape).toEqual([2]);
      expect(thrownBy(() => read(two, { whole: true }))).toMatchObject({
        code: 'NPY_PICKLE',
        fault: 'data',
        message: `npy: the pickle ends after ${one.length} of ${two.length} bytes`,
      });
      expect(thrownBy(() => read(one, { whole: 1 as never }))).toMatchObject({ code: 'NPY_OPTION' });
    }
  });

  test('bytes behind the pickle are ignored, also when it lies inside of other memory', () => {
    for (let lead = 0; lead < 9; lead++) {
      const around = new Uint8Array(2000);
      const floats = encodePickle(ramp);
      around.set(floats, lead);
      expect(decodePickle(around.subarray(lead)).data).toEqual(ramp.data);
    }
  });

  test('another dtype than the one asked for is refused', () => {
    expect(
      isNpyError(
        thrownBy(() => decodePickle(pickled, { dtype: 'float32' })),
        'NPY_DTYPE',
      ),
    ).toBe(true);
    expect(
      isNpyError(
        thrownBy(() => decodePickle(pickled, { dtype: 'wrong' as DTypeName })),
        'NPY_DESCR',
      ),
    ).toBe(true);
  });

  test('limits are held against the array', () => {
    for (const limits of [{ maxElements: 999 }, { maxBytes: 999 }])
      expect(
        isNpyError(
          thrownBy(() => decodePickle(pickled, { limits })),
          'NPY_LIMIT',
        ),
      ).toBe(true);
    expect(decodePickle(pickled, { limits: { maxElements: 1000, maxBytes: 1000 } }).shape).toEqual([10, 100]);
  });

  test('objects only when asked, written again with the same bytes', () => {
    const objects = encodePickle({ data: new ObjectStore(['a', 1, null]) });
    expect(
      isNpyError(
        thrownBy(() => decodePickle(objects)),
        'NPY_OBJECTS',
      ),
    ).toBe(true);
    const read = decodePickle(objects, { objects: true, dtype: 'object' });
    expect([...read.data]).toEqual(['a', 1, null]);
    expect(encodePickle(read)).toEqual(objects);
    // The .npy file has the same pickle behind its header.
    expect(pickle.decode(objects).items).toEqual(['a', 1, null]);
  });

  test('objects are refused before any is read', () => {
    const objects = encodePickle({ data: new ObjectStore(['a', 1, null]) });
    const damaged = objects.fill(0xff, Buffer.from(objects).indexOf('O8') + 10);
    expect(thrownBy(() => decodePickle(damaged))).toMatchObject({ code: 'NPY_OBJECTS' });
    expect(thrownBy(() => decodePickle(damaged, { objects: true }))).toMatchObject({ code: 'NPY_PICKLE' });
  });

  test('what is no array is one error that says what it is', () => {
    for (const [value, found] of [
      [new Map([['a', 1]]), 'a dict'],
      [['a'], 'a list'],
      ['a', 'a str'],
      [1.5, 'a number'],
      [null, 'None'],
    ]) {
      const error = thrownBy(() => decodePickle(writePickle(value, dialect)));
      expect(error).toMatchObject({
        code: 'NPY_PICKLE',
        message: `npy: expected a pickled array, got ${found}`,
        detail: { found },
      });
    }
    const array = new NumpyArray('|u1', { shape: [1], data: Uint8Array.of(1) });
    expect(thrownBy(() => decodePickle(writePickle([array], dialect)))).toMatchObject({ code: 'NPY_PICKLE' });
  });
});

test('every wrong argument gives an error with a code', async () => {
  const view = oneOf({ data: anything(new Float64Array(6)), shape: [2, 3], stride: [3, 1], offset: 0 });
  const encodeOptions = options({ protocol: 4, numpyCore: 'numpy._core', dtype: '<f8' });
  const limits = options({ maxHeaderCharacters: 1000, maxElements: 50, maxBytes: 500 });
  const decodeOptions = options({ dtype: 'float32', copy: true, objects: false, encoding: 'ascii', limits });
  const uses = [
    use(encodePickle, view, encodeOptions),
    use(encodePickleParts, view, encodeOptions),
    use(decodePickle, encodePickle(ramp), decodeOptions),
    use(readPickleHeader, encodePickle(ramp), options({ objects: false, encoding: 'ascii', limits })),
  ];
  for (const each of uses) expect.soft(await problemsOf(each, isNpyError)).toEqual([]);
});
