// Messages and details quote untrusted text in printable form and with a limited length.
import { expect, test } from 'vitest';
import { decode, isNpyError, type NpyError, toNested } from '../../src/core.ts';
import { boundedDetail, printable, quoted } from '../../src/text/quoted.ts';
import { field, fromNested } from '../../src/views.ts';
import { fileWithHeader, thrownBy } from '../support/npy-files.ts';

/** Characters that move a terminal's cursor, end a line, change the direction of text, or are invisible. */
const unsafe = [
  ...Array.from({ length: 32 }, (_, i) => i),
  ...Array.from({ length: 33 }, (_, i) => 0x7f + i),
  ...[0x61c, 0x200b, 0x200e, 0x200f, 0x2028, 0x2029, 0x202a, 0x202b, 0x202c, 0x202d, 0x202e],
  ...[0x2066, 0x2067, 0x2068, 0x2069, 0xfeff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe0001],
].map((point) => [point.toString(16), String.fromCodePoint(point)] as const);

test.each(unsafe)('the character U+%s is escaped', (_, c) => {
  for (const shown of [printable(`a${c}b`), quoted(`a${c}b`)]) {
    expect(shown).toMatch(/^"?a\\[u\w{}]+b"?$/);
    expect(printable(shown)).toBe(shown);
  }
});

test('other text stays as it is, in any language', () => {
  for (const text of ['', 'x', 'Größe', '温度', '😀', 'a"b\\c']) expect(printable(text)).toBe(text);
  expect(quoted('a"b\\c')).toBe('"a\\"b\\\\c"');
});

test('long text is cut, and no pair of surrogates into halves', () => {
  expect(printable('x'.repeat(1e6))).toHaveLength(200);
  expect(printable('😀'.repeat(200), 10)).toBe('😀😀😀😀…');
});

test('a detail is small whatever is put into it', () => {
  const list: unknown[] = Array.from({ length: 1e6 }, (_, i) => ['x'.repeat(1e4), i]);
  const { revoke, proxy } = Proxy.revocable({}, {});
  revoke();
  const wide = Object.fromEntries(list.slice(0, 1e4).map((_, i) => [`\x1b${i}`, i]));
  const detail = boundedDetail({ wide, list, proxy, big: 2n ** 70_000n, bytes: new Uint8Array(1e6), none: null });
  expect(JSON.stringify(detail).length).toBeLessThan(50_000);
  expect(JSON.stringify(detail)).not.toContain('\x1b');
  expect(boundedDetail({ bytes: new Uint8Array(3), shape: [2, 3] })).toEqual({ bytes: 'Uint8Array', shape: [2, 3] });
});

test('a detail that holds itself ends', () => {
  const list: unknown[] = [];
  list.push(list, list);
  expect(JSON.stringify(boundedDetail({ list })).length).toBeLessThan(1000);
});

const steering = '\u202e\x9b31m\x1b]0;owned\x07\r\n';

test.each([
  [
    'an unknown dtype',
    (text: string) => fileWithHeader(`{'descr': '${text}', 'fortran_order': False, 'shape': ()}`, 3),
  ],
  ['an unknown key', (text: string) => fileWithHeader(`{'descr': '<f4', 'fortran_order': False, '${text}': ()}`, 3)],
  ['text where none may be', (text: string) => fileWithHeader(`{'descr': '<f4', ${text}`, 3)],
  [
    'a field twice',
    (text: string) =>
      fileWithHeader(`{'descr': [('${text}', 'i1'), ('${text}', 'i1')], 'fortran_order': False, 'shape': ()}`, 3),
  ],
])('%s is told without its control characters', (_, file) => {
  const error = thrownBy(() => decode(file(steering.replaceAll('\r\n', '') + 'x'.repeat(5000))));
  expect(isNpyError(error)).toBe(true);
  const { message, detail } = error as NpyError;
  const said = message + JSON.stringify(detail);
  expect(message.length).toBeLessThan(1000);
  expect(said.length).toBeLessThan(3000);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for these characters
  expect(said).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
});

test('the names of fields are told without their control characters', () => {
  const names = Array.from({ length: 500 }, (_, i) => steering + i);
  const points = fromNested(
    Object.fromEntries(names.map((name) => [name, 1])),
    names.map((name) => [name, '<i1'] as const),
  );
  expect(toNested(points)).toBeDefined();
  const error = thrownBy(() => field(points, '\x1b[2J')) as NpyError;
  expect(error.code).toBe('NPY_VALUE');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the test looks for these characters
  expect(error.message + JSON.stringify(error.detail)).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202e]/);
});
