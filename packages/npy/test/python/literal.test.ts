// The literal parser alone returns the value of each kind of token. accepted.interop.test.ts compares with NumPy which texts are
// headers.
import { describe, expect, test } from 'vitest';
import { type PythonLiteral, parsePythonLiteral } from '../../src/python/literal.ts';
import { thrownBy } from '../support/npy-files.ts';

/** Returns a literal as plain JavaScript values: tuples as { tuple }, dicts as lists of pairs. */
function plain(value: PythonLiteral): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (value.kind === 'dict') return [...value.entries].map(([key, entry]) => [plain(key), plain(entry)]);
  if (value.kind === 'other') return { other: value.text };
  const items = value.items.map(plain);
  return value.kind === 'tuple' ? { tuple: items } : items;
}

const parsed = (text: string, longSuffix = true): unknown => plain(parsePythonLiteral(text, longSuffix));

test.each([
  ['True', true],
  ['False', false],
  ['None', null],
  ['0', 0n],
  ['-0', 0n],
  ['+7', 7n],
  ['-(7)', -7n],
  ['1_000', 1000n],
  ['0xfF', 255n],
  ['0o17', 15n],
  ['0b1_0', 2n],
  ['18446744073709551616', 2n ** 64n],
  ['3L', 3n],
  ['1.5', { other: '1.5' }],
  ['-1e5', { other: '1e5' }],
  ['3j', { other: '3j' }],
  ["b'ab'", { other: 'ab' }],
  ['()', { tuple: [] }],
  ['(1)', 1n],
  ['(1,)', { tuple: [1n] }],
  ['[1, (2, 3), []]', [1n, { tuple: [2n, 3n] }, []]],
  ['{}', []],
  ["{'a': 1, 'a': 2}", [['a', 2n]]],
  [
    "{1: 'b', None: (),}",
    [
      [1n, 'b'],
      [null, { tuple: [] }],
    ],
  ],
  ["''", ''],
  ["'a\"b'", 'a"b'],
  ["'a' \"b\" '''c'''", 'abc'],
  ["u'a' R'\\n'", 'a\\n'],
  ["'\\x41\\u0042\\U00000043\\104\\0'", 'ABCD\0'],
  ["'\\ud800'", '\ud800'],
  ["'\\q\\8'", '\\q\\8'],
  ["'\\a\\b\\f\\n\\r\\t\\v\\\\\\'\\\"'", '\x07\b\f\n\r\t\v\\\'"'],
  ["'a\\\nb'", 'ab'],
  ["'''a\nb'''", 'a\nb'],
  ["'''a'b''c'''", "a'b''c"],
  ["'a\r\nb'".replaceAll("'", "'''"), 'a\nb'],
  ['# a\n(1, # b\n 2)  # c', { tuple: [1n, 2n] }],
])('%j', (text, value) => {
  expect(parsed(text)).toEqual(value);
});

test('a dict keeps its keys in the order of their first coming', () => {
  expect(parsed("{'b': 1, 'a': 2, 'b': 3}")).toEqual([
    ['b', 3n],
    ['a', 2n],
  ]);
});

test('names of prototypes are keys as any other', () => {
  expect(parsed("{'__proto__': 1, 'constructor': 2}")).toEqual([
    ['__proto__', 1n],
    ['constructor', 2n],
  ]);
});

describe('refused, with what was expected, what was found and where:', () => {
  test.each([
    ['', 'a literal', 'the end', 0],
    ['x', 'a literal', '"x"', 0],
    ['Truer', 'a literal', '"Truer"', 0],
    ['1 2', 'one literal and no more', '"2"', 2],
    ['01', 'an integer without leading zeros', '"01"', 0],
    ['1_', 'the end of a number', '"_"', 1],
    ['0x', 'a digit of base 16', 'the end', 2],
    ['0o8', 'a digit of base 8', '"8"', 2],
    ['--1', 'a number', '"-1"', 1],
    ['-(1,)', "')'", '",)"', 3],
    ['(1', "',' or ')'", 'the end', 2],
    ['[1)', "',' or ']'", '")"', 2],
    ["{'a' 1}", "':' after a key", '"1}"', 5],
    ["{'a': 1 'b'}", "',' or '}'", '"\'b\'}"', 8],
    ['{[]: 1}', 'a key that is not a list or dict', '": 1}"', 3],
    ["'a", "the closing '", 'the end', 2],
    ["'a\nb'", "the closing '", '"\\nb\'"', 2],
    ["'''a''", "the closing '''", 'the end', 6],
    ["'\\x4'", '2 hex digits, at most 10ffff', '"4\'"', 3],
    ["'\\U00110000'", '8 hex digits, at most 10ffff', '"00110000\'"', 3],
    ["'a' b'b'", 'strings or bytes, not both', '"b\'b\'"', 4],
    ["b'é'", 'ASCII in bytes', '"é\'"', 2],
    ['1\n 2', 'one literal and no more', '"2"', 3],
    ['\n 1', 'a line that is not indented', '"1"', 2],
    ['1\\\n', 'a line after the backslash', 'the end', 3],
    ['1\0', 'a text without NUL', '"1\\u0000"', 0],
    ['1'.repeat(4301), 'an integer of at most 4300 digits', 'the end', 4301],
  ])('%j', (text, expected, found, at) => {
    expect(thrownBy(() => parsePythonLiteral(text, true))).toMatchObject({
      code: 'NPY_HEADER',
      fault: 'data',
      message: `npy header: expected ${expected} at character ${at}, found ${found}`,
      detail: { expected, found, at },
    });
  });

  test('the suffix of Python 2, where it is not asked for', () => {
    expect(thrownBy(() => parsePythonLiteral('3L', false))).toMatchObject({ code: 'NPY_HEADER', detail: { at: 1 } });
  });
});

test('200 brackets may be open, no more', () => {
  const deep = (n: number, open: string, close: string): string => `${open.repeat(n)}1${close.repeat(n)}`;
  expect(parsed(deep(200, '(', ')'))).toBe(1n);
  expect(parsed(deep(200, '[', ']'))).toBeDefined();
  for (const [open, close] of [
    ['(', ')'],
    ['[', ']'],
    ["{'a':", '}'],
    ['-(', ')'],
  ] as const) {
    expect(thrownBy(() => parsed(deep(201, open, close)))).toMatchObject({ code: 'NPY_HEADER' });
    expect(thrownBy(() => parsed(deep(20_000, open, close)))).toMatchObject({ code: 'NPY_HEADER' });
  }
});
