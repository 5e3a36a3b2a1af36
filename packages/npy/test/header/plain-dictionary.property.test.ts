// The quick reader of plain headers is compared with the general reader: every header that the quick one accepts has the same
// result with the general one, and the quick one accepts what np.save and other libraries write for plain dtypes.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { defaultLimits } from '../../src/arguments/limits.ts';
import { readDictionary } from '../../src/header/dictionary.ts';
import { readPlainDictionary } from '../../src/header/plain-dictionary.ts';
import { writeHeader } from '../../src/header/write.ts';

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');

/**
 * Reads the text with both readers, in each format version whose encoding has its characters. The bytes around the text must not
 * matter.
 */
function bothWays(text: Uint8Array, beside: Uint8Array): unknown {
  const bytes = Buffer.concat([beside, text, beside]);
  const quick = readPlainDictionary(bytes, beside.length, beside.length + text.length);
  if (quick) for (const major of [1, 2, 3] as const) expect(readDictionary(text, major, defaultLimits)).toEqual(quick);
  return quick;
}

const size = fc.oneof(fc.nat(20), fc.maxSafeNat(), fc.constantFrom(0, 9, 10, 99, 100, 2 ** 32, 999_999_999_999_999));
const descr = fc.oneof(
  fc.constantFrom('<f4', '|u1', '>c16', '<M8[ns]', '|S300', '<U7', '|V2'),
  fc.string({ maxLength: 12 }),
);
const fields = fc.record({ descr, fortranOrder: fc.boolean(), shape: fc.array(size, { maxLength: 5 }) });

/** Returns the text that NumPy writes if the descr needs no escapes. */
const written = fields.map(({ descr, fortranOrder, shape }) => {
  const header = writeHeader({ descrText: `'${descr}'`, fortranOrder, shape }, [1, 0]);
  return Buffer.from(header.subarray(10));
});

const nothing = new Uint8Array(0);
const beside = fc.constantFrom(nothing, latin1("0, 1), } \n'"), latin1(', '), latin1(' '), latin1('9'));

describe('what NumPy writes', () => {
  test('for a plain dtype is taken, with every size of up to 15 digits', () => {
    const plain = fc.constantFrom('<f4', '|u1', '>c16', '<M8[ns]', '|S300', '<U7', '|b1');
    const shape = fc.array(fc.nat(2 ** 31 - 1), { maxLength: 64 });
    fc.assert(
      fc.property(plain, fc.boolean(), shape, beside, (name, fortranOrder, sizes, around) => {
        const header = writeHeader({ descrText: `'${name}'`, fortranOrder, shape: sizes });
        const expected = { descr: name, fortranOrder, shape: sizes };
        expect(bothWays(header.subarray(10), around)).toEqual(expected);
      }),
      { numRuns: 2000 },
    );
    const largest = writeHeader({ descrText: "'<f4'", fortranOrder: false, shape: [999_999_999_999_999, 0] });
    expect(readPlainDictionary(largest, 10, largest.length)?.shape).toEqual([999_999_999_999_999, 0]);
  });

  test('for any other is read alike, if it is taken', () => {
    fc.assert(
      fc.property(written, beside, (text, around) => void bothWays(text, around)),
      { numRuns: 3000 },
    );
  });
});

describe('every other spelling is read alike, or left to the other reader:', () => {
  const texts = [
    { shape: [262144], fortranOrder: false },
    { shape: [480, 640, 3], fortranOrder: true },
    { shape: [], fortranOrder: false },
    { shape: [0], fortranOrder: true },
  ].map((fields) => writeHeader({ descrText: "'<f4'", ...fields }).subarray(10));

  test('any byte in any place', () => {
    let taken = 0;
    for (const text of texts) {
      for (let at = 0; at < text.length; at++) {
        for (let byte = 0; byte < 256; byte++) {
          const changed = Uint8Array.from(text);
          changed[at] = byte;
          if (bothWays(changed, nothing)) taken++;
        }
      }
    }
    // The bytes to insert: other digits, bytes of another descr, and every byte that the header already has.
    expect(taken).toBeGreaterThan(texts.length * 118);
  });

  test('any length', () => {
    for (const text of texts) {
      const more = Buffer.concat([text, text]);
      for (let length = 0; length <= more.length; length++) bothWays(more.subarray(0, length), nothing);
    }
  });

  test('pieces left out, put in twice, or put elsewhere', () => {
    const piece = fc.constantFrom(
      ...["'", ',', ' ', '(', ')', '}', '\n', '0', '00', '1', '-', '+', 'L', '_', '.', 'e9', '\\', '#', '"', 'True'],
      ...[
        '7,',
        ', 7',
        '(7)',
        '(7, )',
        '( 7,)',
        '(7 ,)',
        "'descr': '<i8', ",
        '9'.repeat(15),
        '9'.repeat(16),
        '9'.repeat(30),
      ],
    );
    const edit = fc.record({ at: fc.nat(90), remove: fc.nat(3), piece: fc.oneof(piece, fc.constant('')) });
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        beside,
        (text, edits, around) => {
          let changed = Buffer.from(text).toString('latin1');
          for (const { at, remove, piece } of edits)
            changed = changed.slice(0, at) + piece + changed.slice(at + remove);
          bothWays(latin1(changed), around);
        },
      ),
      { numRuns: 20_000 },
    );
  });
});

test.each([
  "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3)}   \n",
  "{'shape':(2,3),'fortran_order':False,'descr':'<f4'}\n",
  "{ 'fortran_order' : False , 'descr' : '<f4' , 'shape' : ( 2 , 3 , ) , } \n",
])('%j is taken, as others write it', (text) => {
  expect(bothWays(latin1(text), nothing)).toEqual({ descr: '<f4', fortranOrder: false, shape: [2, 3] });
});

test('blanks that belong to the data are none of the text', () => {
  const text = latin1("{'descr': '<f4', 'fortran_order': False, 'shape': (3,)}  \n");
  for (let end = 1; end < text.length; end++) expect(readPlainDictionary(text, 0, end)).toBeUndefined();
});

test.each([
  "{'descr': '<f4', 'fortran_order': False, 'shape': (3), } \n",
  "{'descr': '<f4', 'fortran_order': False, 'shape': (03,), } \n",
  "{'descr': '<f4', 'fortran_order': False, 'shape': (,), } \n",
  "{'descr': '<f4', 'fortran_order': False, 'shape': (3L,), } \n",
  "{'descr': '<f4', 'fortran_order': False, 'shape': (1000000000000000,), } \n",
  "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } ",
  "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), } \n\n",
  "{'descr': '<f\\x34', 'fortran_order': False, 'shape': (3,), } \n",
  "{'descr': '\u00e9', 'fortran_order': False, 'shape': (3,), } \n",
  "{'descr': [('x', '<f4')], 'fortran_order': False, 'shape': (3,), } \n",
  "{'descr': '<f4', 'fortran_order': False, 'descr': '<f4', } \n",
  "{'descr': '<f4', 'fortran_order': False, 'shape': (3,), 'shape': (3,)} \n",
  "{'descr': '<f4', 'fortran_order': False 'shape': (3,)} \n",
  "{'descr': '<f4' 'x', 'fortran_order': False, 'shape': (3,)} \n",
  "{'descr': '<f4', 'fortran_order': False, 'shape': (3 4)} \n",
  "{'descr': '<f4', 'fortran_order': False, 'shape': (3,)",
])('%j is not taken', (text) => {
  expect(readPlainDictionary(latin1(text), 0, text.length)).toBeUndefined();
});
