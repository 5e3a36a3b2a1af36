// Values are written as Python literals, in the form of repr(). repr.interop.test.ts compares them with a real Python.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePythonLiteral } from '../../src/python/literal.ts';
import { reprList, reprString, reprTuple } from '../../src/python/repr.ts';

test.each([
  ['<f4', "'<f4'"],
  ['', "''"],
  ["it's", '"it\'s"'],
  ['"', "'\"'"],
  ['\'"', "'\\'\"'"],
  ['\\', "'\\\\'"],
  ['a\nb\rc\td', "'a\\nb\\rc\\td'"],
  ['\0\x1f\x7f\x80\xa0\xad', "'\\x00\\x1f\\x7f\\x80\\xa0\\xad'"],
  ['é€😀', "'é€😀'"],
  ['\u200b\u2028\ufeff\ud800', "'\\u200b\\u2028\\ufeff\\ud800'"],
  ['\u{e0001}\u{10ffff}', "'\\U000e0001\\U0010ffff'"],
])('%j', (text, repr) => {
  expect(reprString(text)).toBe(repr);
});

test('lists and tuples', () => {
  expect(reprTuple([])).toBe('()');
  expect(reprTuple(['3'])).toBe('(3,)');
  expect(reprTuple(['2', '3'])).toBe('(2, 3)');
  expect(reprList([])).toBe('[]');
  expect(reprList(['1', "'a'"])).toBe("[1, 'a']");
});

test('the literal parser reads every string back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(parsePythonLiteral(reprString(text), false)).toBe(text);
    }),
    { numRuns: 500 },
  );
});
