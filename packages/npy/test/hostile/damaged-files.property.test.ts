// Damaged and random files: whatever the bytes, a reader returns an array inside the limits, or throws an NpyError whose fault is the
// data.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, IncrementalDecoder, isNpyError, type NpyView, readHeader, toNested } from '../../src/core.ts';
import { bytesOfStore } from '../../src/stores/number-stores.ts';
import type { BinaryStore } from '../../src/stores/store-types.ts';
import { fileWithHeader } from '../support/npy-files.ts';
import { randomArray } from '../support/random-arrays.ts';

const limits = { maxElements: 5000, maxBytes: 40_000 };

/** Decodes bytes. Returns the array, which is checked against the limits, or the code of the error. */
function read(bytes: Uint8Array): NpyView | string {
  try {
    const view = decode(bytes, { limits });
    const size = view.shape.reduce((a, b) => a * b, 1);
    expect(size).toBeLessThanOrEqual(limits.maxElements);
    expect(bytesOfStore(view.data as BinaryStore).length).toBeLessThanOrEqual(limits.maxBytes);
    expect(view.data.length).toBe(size);
    return view;
  } catch (error) {
    if (!isNpyError(error)) throw error;
    expect(error.fault).toBe(error.code === 'NPY_OBJECTS' ? 'caller' : 'data');
    return error.code;
  }
}

/** Decodes bytes in chunks, and stops after one array, because decode takes one. */
function readByChunks(bytes: Uint8Array, size: number): NpyView | string {
  const decoder = new IncrementalDecoder({ limits });
  try {
    for (let start = 0; start < bytes.length; start += size) {
      const view = decoder.push(bytes.subarray(start, start + size));
      if (view) return view;
    }
    decoder.end();
    return 'nothing';
  } catch (error) {
    if (!isNpyError(error)) throw error;
    return error.code;
  }
}

const edit = fc.oneof(
  fc.record({ kind: fc.constant('flip' as const), at: fc.nat(), bits: fc.integer({ min: 1, max: 255 }) }),
  fc.record({
    kind: fc.constant('insert' as const),
    at: fc.nat(),
    bytes: fc.uint8Array({ minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('delete' as const), at: fc.nat(), count: fc.integer({ min: 1, max: 8 }) }),
  fc.record({ kind: fc.constant('truncate' as const), at: fc.nat() }),
  fc.record({
    kind: fc.constant('text' as const),
    at: fc.nat(118),
    text: fc.constantFrom('(', ')', "'", '9'.repeat(20), '-', '#', '\\', ',', '0x'),
  }),
);

test('a valid file with any damage is an array or an NpyError, whole and in chunks alike', () => {
  fc.assert(
    fc.property(
      randomArray,
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 200 }),
      ({ view }, edits, chunk) => {
        let bytes = [...encode(view)];
        for (const e of edits) {
          const at = e.at % (bytes.length + 1);
          if (e.kind === 'flip' && at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ e.bits;
          else if (e.kind === 'insert') bytes.splice(at, 0, ...e.bytes);
          else if (e.kind === 'delete') bytes.splice(at, e.count);
          else if (e.kind === 'truncate') bytes = bytes.slice(0, at);
          else if (e.kind === 'text') bytes.splice(10 + e.at, e.text.length, ...Buffer.from(e.text));
        }
        expectSameAnswer(Uint8Array.from(bytes), chunk);
      },
    ),
    { numRuns: 6000 },
  );
});

test('a header of any text is an array or an NpyError', () => {
  const word = fc.constantFrom(
    ...[
      "'descr'",
      "'shape'",
      "'fortran_order'",
      "'<f8'",
      "'|O'",
      'True',
      'False',
      'None',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      ',',
      ':',
    ],
    ...[
      '1',
      '-1',
      '99999999999999999999',
      '0x',
      '1L',
      '1e9',
      ' ',
      '\n',
      '#',
      '\\',
      "'",
      '"',
      "'''",
      'r',
      'b',
      '\0',
      '\x80',
      '\u20ac',
    ],
  );
  const text = fc.oneof(
    fc.array(word, { maxLength: 40 }).map((words) => words.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );
  fc.assert(
    fc.property(
      text,
      fc.constantFrom(1 as const, 2 as const, 3 as const),
      fc.integer({ min: 1, max: 50 }),
      (t, major, chunk) => {
        expectSameAnswer(fileWithHeader(t, major, new Uint8Array(64)), chunk);
      },
    ),
    { numRuns: 4000 },
  );
});

test('any bytes at all, with and without the magic in front', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 80 }),
      fc.boolean(),
      fc.constantFrom(0, 1, 2, 3, 9),
      (bytes, magic, major) => {
        const prefix = magic ? [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, major, 0] : [];
        expectSameAnswer(Uint8Array.from([...prefix, ...bytes]), 7);
      },
    ),
    { numRuns: 2000 },
  );
});

test('shapes of any numbers', () => {
  const dimension = fc.oneof(
    fc.nat(5),
    fc.bigInt({ min: -2n, max: 2n ** 65n }),
    fc.constantFrom(0, 2 ** 31, 2 ** 32, 2 ** 52),
  );
  fc.assert(
    fc.property(fc.array(dimension, { maxLength: 70 }), fc.boolean(), (shape, order) => {
      const text = `{'descr': '<f8', 'fortran_order': ${order ? 'True' : 'False'}, 'shape': (${shape.map((n) => `${n},`).join('')})}`;
      const bytes = fileWithHeader(text, 1, new Uint8Array(4096));
      const answer = expectSameAnswer(bytes, 500);
      if (typeof answer === 'string') return;
      expect(answer.shape).toEqual(shape.map(Number));
      expect(encode(answer).length).toBeGreaterThan(0);
      try {
        toNested(answer);
      } catch (error) {
        if (!isNpyError(error, 'NPY_LIMIT')) throw error;
      }
    }),
    { numRuns: 1500 },
  );
});

function expectSameAnswer(bytes: Uint8Array, chunk: number): NpyView | string {
  const before = Uint8Array.from(bytes);
  const whole = read(bytes);
  const inChunks = readByChunks(bytes, chunk);
  expect(Buffer.compare(bytes, before)).toBe(0);
  if (typeof whole === 'string') expect(inChunks).toBe(bytes.length === 0 ? 'nothing' : whole);
  else expect(inChunks).toMatchObject({ dtype: whole.dtype, shape: whole.shape });
  // readHeader throws only errors that decode throws as well, and with the same code.
  try {
    if (readHeader(bytes, limits) === undefined) expect(whole).toBe('NPY_TRUNCATED');
  } catch (error) {
    expect(isNpyError(error) && error.code).toBe(whole);
  }
  return whole;
}
