// encodeNpz, decodeNpz and readNpzHeaders without Python: parts, options, names, and errors that name the member. The interop test
// compares them with NumPy.
import { crc32 as zlibCrc32 } from 'node:zlib';
import { test as property } from '@fast-check/vitest';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encode, isNpyError, ObjectStore, prepareArray } from '../../src/core.ts';
import { prepareArray as prepareInput, toNested } from '../../src/index.ts';
import { crc32ByTable } from '../../src/npz/crc32.ts';
import { decodeNpz, encodeNpz, encodeNpzParts, readNpzHeaders } from '../../src/npz/index.ts';
import { pickle } from '../../src/pickle/index.ts';
import { anything, oneOf, options, problemsOf, record, use } from '../support/misuse.ts';
import { thrownBy } from '../support/npy-files.ts';
import { bytesInOrder, randomArray } from '../support/random-arrays.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

const image = { data: Uint8Array.from({ length: 12 }, (_, i) => i), shape: [2, 2, 3] };
const state = { data: Float64Array.of(0.5, -1) };

property.prop([fc.array(fc.tuple(fc.string({ unit: 'grapheme', maxLength: 20 }), randomArray), { maxLength: 5 })])(
  'arrays of any dtype and order come back by their names, in both forms',
  (pairs) => {
    const arrays = new Map(pairs.filter(([name]) => !/\0|\p{Cs}/u.test(name)).map(([name, { view }]) => [name, view]));
    for (const form of ['savez', 'plain'] as const) {
      const decoded = decodeNpz(encodeNpz(arrays, { form }), { limits: { maxHeaderCharacters: 1e9 } });
      expect(Object.keys(decoded).sort()).toEqual([...arrays.keys()].sort());
      for (const [name, view] of arrays) {
        const read = decoded[name];
        if (!read) throw new Error(`${name} is missing`);
        expect([read.dtype, read.shape]).toEqual([view.dtype, view.shape]);
        const raw = (bytes: { data: unknown }): Uint8Array => {
          const { buffer, byteOffset, byteLength } = (
            'raw' in Object(bytes.data) ? Object(bytes.data).raw : bytes.data
          ) as Uint8Array;
          return new Uint8Array(buffer, byteOffset, byteLength);
        };
        expectSameBytes(bytesInOrder({ view: read, raw: raw(read) }), bytesInOrder({ view, raw: raw(view) }));
      }
    }
  },
);

property.prop([fc.uint8Array({ maxLength: 300 }), fc.nat(0xffff_ffff)])(
  'the table gives the checksum of zlib',
  (bytes, value) => {
    expect(crc32ByTable(bytes, value)).toBe(zlibCrc32(bytes, value));
  },
);

describe('encodeNpz', () => {
  test('the elements are the memory of the arrays', () => {
    const parts = encodeNpzParts({ image, state });
    expect(parts.map(({ buffer }) => buffer)).toContain(image.data.buffer);
    expect(Buffer.concat(parts).equals(encodeNpz({ image, state }))).toBe(true);
  });

  test('prepared arrays, of either entry, are written with their dtypes', () => {
    const file = encodeNpz({
      a: prepareArray(state, { dtype: 'float32' }),
      b: prepareInput([[1, 2]], { dtype: 'int8' }),
    });
    expect(readNpzHeaders(file)).toMatchObject({ a: { descr: '<f4', shape: [2] }, b: { descr: '|i1', shape: [1, 2] } });
  });

  test('a Map keeps the order of names that are whole numbers', () => {
    const names = ['10', '2', 'x', '1'];
    const file = encodeNpz(new Map(names.map((name) => [name, state])));
    const places = names.map((name) => Buffer.from(file).indexOf(`${name}.npy`));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });

  test.each([
    ['a NUL', 'a\0b', 'has a NUL character'],
    ['half a pair', 'a\ud800', 'has half of a surrogate pair'],
    ['65 532 bytes', 'a'.repeat(65_532), 'has 65536 bytes, of at most 65535'],
  ])('a name with %s is refused', (_, name, says) => {
    const error = thrownBy(() => encodeNpz({ [name]: state }));
    expect(error).toMatchObject({ code: 'NPY_ARCHIVE', fault: 'caller' });
    expect((error as Error).message).toContain(says);
    const longest = 'a'.repeat(65_531);
    const limits = { maxHeaderCharacters: 65_535 };
    expect(Object.keys(decodeNpz(encodeNpz({ [longest]: state }), { limits }))).toEqual([longest]);
  });

  test('what is no array is refused with its name', () => {
    const error = thrownBy(() => encodeNpz({ image, wrong: 'a text' as never }));
    expect(error).toMatchObject({ code: 'NPY_ARRAY', fault: 'caller', detail: { member: 'wrong.npy' } });
    expect((error as Error).message).toMatch(/^npz: member "wrong.npy": expected an array/);
    for (const wrong of [
      undefined,
      null,
      3,
      [state],
      new Uint8Array(3),
      new Map([[3, state]]),
      new Map([[undefined, state]]),
    ])
      expect(
        isNpyError(
          thrownBy(() => encodeNpz(wrong as never)),
          'NPY_ARRAY',
        ),
      ).toBe(true);
  });

  test('object arrays need a codec', () => {
    const objects = { data: new ObjectStore(['a', null]) };
    expect(thrownBy(() => encodeNpz({ objects }))).toMatchObject({
      code: 'NPY_OBJECTS',
      detail: { member: 'objects.npy' },
    });
    const file = encodeNpz({ objects }, { objects: pickle });
    expect(thrownBy(() => decodeNpz(file))).toMatchObject({ code: 'NPY_OBJECTS', detail: { member: 'objects.npy' } });
    const read = decodeNpz(file, { objects: pickle })['objects'];
    expect(read && toNested(read)).toEqual(['a', null]);
    expect(readNpzHeaders(file)).toMatchObject({ objects: { dtype: 'object', dataBytes: Number.POSITIVE_INFINITY } });
  });
});

describe('decodeNpz', () => {
  test('gives views where the elements are aligned, and copies when asked', () => {
    const file = encodeNpz({ image });
    const bufferOf = (copy: boolean) => Object(decodeNpz(file, { copy })['image']?.data).buffer;
    expect(bufferOf(false)).toBe(file.buffer);
    expect(bufferOf(true)).not.toBe(file.buffer);
  });

  test('has no prototype, so that every name is one', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty'];
    const decoded = decodeNpz(encodeNpz(new Map(names.map((name) => [name, state]))));
    expect(Object.getPrototypeOf(decoded)).toBeNull();
    expect(Object.keys(decoded)).toEqual(names);
    for (const name of names) expect(decoded[name]?.shape).toEqual([2]);
    expect(decodeNpz(encodeNpz({}))['toString']).toBeUndefined();
  });

  test('only the arrays that are asked for are looked at', () => {
    const file = encodeNpz({ image, wrong: state });
    // This changes the first byte of the second array's magic string.
    file[Buffer.from(file).indexOf('\x93NUMPY', Buffer.from(file).indexOf('wrong.npy'), 'latin1')] = 0;
    expect(Object.keys(decodeNpz(file, { names: ['image'] }))).toEqual(['image']);
    expect(thrownBy(() => decodeNpz(file))).toMatchObject({ code: 'NPY_ARCHIVE', detail: { member: 'wrong.npy' } });
    expect(thrownBy(() => readNpzHeaders(file))).toMatchObject({
      code: 'NPY_NOT_NPY',
      detail: { member: 'wrong.npy' },
    });
    // biome-ignore lint/suspicious/noSparseArray: the hole is what is tested
    expect(thrownBy(() => decodeNpz(file, { names: ['image', ,] as never }))).toMatchObject({ code: 'NPY_OPTION' });
    const error = thrownBy(() => decodeNpz(file, { names: ['image', 'depth'] }));
    expect(error).toMatchObject({ code: 'NPY_ARCHIVE', detail: { member: 'depth', names: ['image', 'wrong'] } });
    expect((error as Error).message).toBe('npz: there is no array "depth": the archive has "image", "wrong"');
  });

  test('limits are held against each array', () => {
    const file = encodeNpz({ image, state });
    const error = thrownBy(() => decodeNpz(file, { limits: { maxBytes: 15 } }));
    expect(error).toMatchObject({ code: 'NPY_LIMIT', detail: { member: 'state.npy' } });
    expect(Object.keys(decodeNpz(file, { limits: { maxBytes: 16 } }))).toEqual(['image', 'state']);
    expect(
      isNpyError(
        thrownBy(() => readNpzHeaders(file, { limits: { maxElements: 1 } })),
        'NPY_LIMIT',
      ),
    ).toBe(true);
  });

  test('a name without the flag for UTF-8 is of the code page 437', () => {
    const file = encodeNpz({ xy: state }, { form: 'plain' });
    for (let at = file.indexOf(0x78); at >= 0; at = file.indexOf(0x78, at + 1)) file.set([0x80, 0xff], at);
    expect(Object.keys(decodeNpz(file))).toEqual(['Ç\u00a0']);
  });

  test('what is no archive says so', () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(100), encode(image), Uint8Array.of(0x50, 0x4b)])
      expect(thrownBy(() => decodeNpz(bytes))).toMatchObject({ code: 'NPY_ARCHIVE', fault: 'data' });
  });
});

test('the plain form has headers of version 2.0 and no extra fields', () => {
  const parts = encodeNpzParts({ frame: image }, { form: 'plain' });
  expect(parts.map(({ length }) => length)).toEqual([30 + 9, 128, 12, 46 + 9, 22]);
  const [local, , , entry] = parts.map((part) => new DataView(part.buffer, part.byteOffset, part.byteLength));
  expect([local?.getUint16(4, true), local?.getUint32(18, true), local?.getUint32(22, true)]).toEqual([20, 140, 140]);
  expect([entry?.getUint16(4, true), entry?.getUint16(6, true), entry?.getUint32(38, true)]).toEqual([20, 20, 0]);
});

test('every wrong argument gives an error with a code', async () => {
  const view = oneOf({ data: anything(new Float64Array(6)), shape: [2, 3], stride: [3, 1], offset: 0 });
  const file = encodeNpz({ image, state });
  const limits = options({ maxHeaderCharacters: 1000, maxElements: 50, maxBytes: 500 });
  const uses = [
    use(encodeNpz, record({ view }), options({ form: 'plain', objects: pickle })),
    use(encodeNpzParts, record({ view }), options({ form: 'savez', objects: pickle })),
    use(decodeNpz, file, options({ names: ['image'], copy: true, objects: pickle, limits })),
    use(readNpzHeaders, file, options({ names: ['image'], limits })),
  ];
  for (const each of uses) expect.soft(await problemsOf(each, isNpyError)).toEqual([]);
});
