// The fuzzer makes the same case of the same seed, draws each kind of case in its share, and compares elements by value.
import { expect, test } from 'vitest';
import { explanationOf } from '../../fuzz/explained.ts';
import { caseOf, kindOf, kinds } from '../../fuzz/kinds.ts';
import { floatToken, sameTokens } from '../../fuzz/tokens.ts';
import { decode, NpyError } from '../../src/core.ts';
import { fileWithHeader, headerText, thrownBy } from '../support/npy-files.ts';

test.each(kinds)('%s: the same seed draws the same case, another another', (kind) => {
  const drawn = Array.from({ length: 20 }, (_, seed) => JSON.stringify(caseOf(kind, seed)));
  const again = Array.from({ length: 20 }, (_, seed) => JSON.stringify(caseOf(kind, seed)));
  expect(again).toEqual(drawn);
  expect(new Set(drawn).size).toBeGreaterThan(15);
});

test('every kind comes up in a mixed run', () => {
  const drawn = new Set(Array.from({ length: 2000 }, (_, seed) => kindOf(seed)));
  expect([...drawn].sort()).toEqual([...kinds].sort());
});

test.each([
  [0, '0.0'],
  [-0, '-0.0'],
  [1, '1.0'],
  [-1.5, '-1.5'],
  [1e15, '1000000000000000.0'],
  [1e16, '1e+16'],
  [1.25e22, '1.25e+22'],
  [0.0001, '0.0001'],
  [0.00001, '1e-05'],
  [5e-324, '5e-324'],
  [Number.MAX_VALUE, '1.7976931348623157e+308'],
  [NaN, 'nan'],
  [-Infinity, '-inf'],
])('%s is written as Python has it', (value, text) => {
  expect(floatToken(value)).toBe(text);
});

test('values are the same, or not', () => {
  expect(sameTokens('(1 2.0)', '(1 2.0)')).toBe(true);
  expect(sameTokens('(1 2.0)', '(1 -2.0)')).toBe(false);
  expect(sameTokens('0.0', '-0.0')).toBe(false);
  expect(sameTokens('(5@? 3)', '(5@9999999-01-01 3)')).toBe(true);
  expect(sameTokens('(5@? 3)', '(6@9999999-01-01 3)')).toBe(false);
  expect(sameTokens('(5@? 3)', '(5@9999999-01-01 4)')).toBe(false);
  expect(sameTokens('[5@? 6@?]', '[5@a 6@b]')).toBe(true);
  expect(sameTokens('5@?', '5')).toBe(false);
  expect(sameTokens('!', '(1 !)')).toBe(true);
  expect(sameTokens('!', '(1 u61)')).toBe(false);
});

/** A file that NumPy reads without an error. */
const read = {
  outcome: 'array',
  kind: 'V1',
  descr: '|V1',
  shape: ['0'],
  mask: undefined,
  values: [],
  file: Uint8Array.of(1),
} as const;

test.each([
  ['more than 64 axes with those of the fields', `[('a', '|b1', (${'1,'.repeat(37)}))]`, `(${'1,'.repeat(28)})`, 2],
  ['a width below 0', "'a-1'", '(0,)', 1],
])('%s is explained by the very error that is thrown', (why, descr, shape, numpyMajor) => {
  const file = fileWithHeader(headerText({ descr, shape }), 1, new Uint8Array(1));
  const error = thrownBy(() => decode(file));
  if (!(error instanceof NpyError)) throw error;
  const difference = { what: 'refused here', ours: { outcome: 'refused', error }, numpy: read, file } as const;
  expect(explanationOf(difference, numpyMajor)).toContain(why);
});

test('what must not happen has no explanation', () => {
  const file = Uint8Array.of(1);
  const refused = {
    outcome: 'refused',
    error: new NpyError('NPY_DESCR', 'npy: descr "<i4" is not a known dtype'),
  } as const;
  const array = {
    outcome: 'array',
    kind: 'i4',
    descr: '<i4',
    shape: ['2'],
    mask: undefined,
    values: [],
    file,
  } as const;
  expect(explanationOf({ what: 'refused here', ours: refused, numpy: array, file }, 2)).toBeUndefined();
  const broken = { outcome: 'broken', error: new RangeError('x') } as const;
  expect(
    explanationOf({ what: 'x', ours: broken, numpy: { outcome: 'died', reason: 'SIGFPE' }, file }, 2),
  ).toBeUndefined();
});
