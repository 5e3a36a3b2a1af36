// decodePickle is given hostile pickles: cut off, damaged, with huge lengths, with millions of opcodes. Each gives one error with a
// code, and takes memory only in proportion to its bytes.
import { describe, expect, test } from 'vitest';
import { isNpyError, type NpyError, StructStore } from '../../../src/core.ts';
import { decodePickle, encodePickle } from '../../../src/pickle/index.ts';
import { xorshift } from './damage.ts';
import { latin1 } from './outcome.ts';

const fields = [
  ['x', '<f4'],
  ['name', '<U3', [2]],
  ['when', '<M8[ns]'],
] as const;
const samples = ([3, 4, 5] as const).flatMap((protocol) => [
  encodePickle({ data: Float64Array.of(1, 2, 3, 4), shape: [2, 2] }, { protocol }),
  encodePickle({ data: new StructStore(fields, 2) }, { protocol }),
]);

function refusalOf(bytes: Uint8Array | string): NpyError {
  try {
    decodePickle(typeof bytes === 'string' ? latin1(bytes) : bytes);
  } catch (error) {
    if (isNpyError(error)) return error;
    throw error;
  }
  throw new Error('it was read');
}

test('cut off at every byte', () => {
  for (const sample of samples) {
    for (let length = 0; length < sample.length; length++)
      expect(refusalOf(sample.subarray(0, length)).code).toBe('NPY_TRUNCATED');
  }
});

test('with bytes changed, put in and left out: 30 000 times', () => {
  const random = xorshift(99);
  let read = 0;
  for (let i = 0; i < 30_000; i++) {
    const sample = [...(samples[random(samples.length)] ?? [])];
    for (let n = 1 + random(3); n > 0; n--) {
      const at = random(sample.length);
      const kind = random(3);
      if (kind === 0) sample.splice(at, random(8));
      else if (kind === 1) sample.splice(at, 0, random(256));
      else sample[at] = random(256);
    }
    try {
      decodePickle(Uint8Array.from(sample));
      read++;
    } catch (error) {
      if (!isNpyError(error)) throw error;
    }
  }
  expect(read).toBeGreaterThan(100);
});

describe('lengths that are not there', () => {
  test.each([
    ['bytes', '\x8e\0\0\0\0\0\0\0\x10'],
    ['a bytearray', '\x96\0\0\0\0\0\0\0\x10'],
    ['a str', '\x8d\0\0\0\0\0\0\0\x10'],
    ['a frame', '\x80\x04\x95\0\0\0\0\0\0\0\x10'],
  ])('%s of 2^60 bytes', (_, text) => {
    expect(refusalOf(`${text}.`).code).toBe('NPY_TRUNCATED');
  });

  test('a shape that its data does not fill', () => {
    const text = Buffer.from(encodePickle({ data: new Uint8Array(3), shape: [3] })).toString('latin1');
    const error = refusalOf(text.replace('K\x01K\x03\x85', 'K\x01K\x04\x85'));
    expect(error.code).toBe('NPY_PICKLE');
    expect(error.message).toContain('expected 4 bytes, got 3');
  });
});

describe('millions of opcodes', () => {
  test.each([
    ['empty dicts in a list', `](${'}'.repeat(2_000_000)}e.`, 'a list'],
    ['lists in lists', `${']'.repeat(2_000_000)}.`, 'a list'],
    ['a memo that is asked for again and again', `]\x94(${'h\0'.repeat(1_000_000)}t.`, 'a list'],
    ['nothing that is kept', `${'N0'.repeat(1_000_000)}N.`, 'nothing'],
    ['a number in a dict', `}(${'K\x01N'.repeat(500_000)}u.`, 'a dict'],
  ])('%s', (_, text, found) => {
    const error = refusalOf(text);
    expect(error.code).toBe('NPY_PICKLE');
    expect(error.message).toBe(`npy: expected a pickled array, got ${found} with more than 65536 opcodes`);
  });

  test('a dtype of many fields has room', () => {
    const many = Array.from({ length: 2000 }, (_, i) => [`field ${i}`, '|u1'] as const);
    const read = decodePickle(encodePickle({ data: new StructStore(many, 1) }));
    expect(read.dtype).toBe('struct');
  });
});

describe('an order of axes that is invalid', () => {
  const ofAxes = (axes: string) =>
    `\x80\x05cnumpy._core.numeric\n_frombuffer\n(\x96\x06\0\0\0\0\0\0\0abcdefcnumpy\ndtype\n\x8c\x02u1\x89\x88\x87R(K\x03\x8c\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tbK\x02K\x03\x86\x8c\x01K${axes}tR.`;

  test('one that is valid', () => {
    const view = decodePickle(latin1(ofAxes('K\x01K\0\x86')));
    expect([view.shape, view.data]).toEqual([[3, 2], Uint8Array.from('adbecf', (c) => c.charCodeAt(0))]);
  });

  test.each([
    ['an axis twice', 'K\x01K\x01\x86'],
    ['an axis that is not there', 'K\0K\x02\x86'],
    ['too few', 'K\0\x85'],
    ['too many', 'K\0K\x01K\x01\x87'],
    ['no tuple', ']'],
    ['none', 'N'],
    ['negative', 'K\0J\xff\xff\xff\xff\x86'],
    ['a str', '\x8c\x01a\x8c\x01b\x86'],
  ])('%s', (_, axes) => {
    expect(refusalOf(ofAxes(axes)).code).toBe('NPY_PICKLE');
  });
});
