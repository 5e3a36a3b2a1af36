// Untrusted text is made safe before it reaches a terminal, a log or an error's detail.
import { expect, test } from 'vitest';
import { BridgeError } from '../../src/errors/bridge-error.ts';
import { bounded, boundedLines, quoted } from '../../src/errors/quoted.ts';
import { failureText } from '../../src/fronts/default-on-error.ts';

/** Returns the characters of a list of ranges. */
const characters = (...ranges: readonly (readonly [number, number])[]): string[] =>
  ranges.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCodePoint(from + i)));

const C0 = characters([0, 0x1f]);
const DEL_AND_C1 = characters([0x7f, 0x9f]);
const SEPARATORS = characters([0x2028, 0x2029]);
const DIRECTIONS = characters([0x61c, 0x61c], [0x200e, 0x200f], [0x202a, 0x202e], [0x2066, 0x2069]);

test('controls, separators of lines and marks of direction are replaced, and nothing else', () => {
  for (const each of [...C0, ...DEL_AND_C1, ...SEPARATORS, ...DIRECTIONS]) expect(quoted(`a${each}b`)).toBe('a\ufffdb');
  const plain = 'Fehler in /tmp/größe 模型.npy: "x" <y> \u{1f600} שלום';
  expect(quoted(plain)).toBe(plain);
});

test('long text is cut, and not inside of a character', () => {
  expect(quoted('x'.repeat(60_000))).toBe(`${'x'.repeat(500)} …`);
  expect(quoted(`${'x'.repeat(499)}\u{1f600}y`)).toBe(`${'x'.repeat(499)} …`);
  expect(bounded('x'.repeat(2 ** 20)).length).toBeLessThan(2 ** 16 + 10);
});

test('control characters are replaced in a detail as well', () => {
  expect(bounded('\x1b[2J\u202e')).toBe('\ufffd[2J\ufffd');
  expect(boundedLines(['\x1b[2J', 'a\tb'])).toEqual(['\ufffd[2J', 'a\tb']);
});

test('a block keeps its lines', () => {
  expect(bounded('Error: \x1b[2J\n\tat here\r\u2028')).toBe('Error: \ufffd[2J\n\tat here\ufffd\ufffd');
});

test('the last of many lines are kept, as many as fit into the limit', () => {
  expect(boundedLines(['a', '', 'b'])).toEqual(['a', '', 'b']);
  expect(boundedLines([])).toEqual([]);
  const kept = boundedLines(['first', 'x'.repeat(50_000), 'y'.repeat(50_000), 'last']);
  expect(kept.slice(1)).toEqual(['y'.repeat(50_000), 'last']);
  expect(kept.join('\n').length).toBeLessThan(2 ** 16 + 10);
  expect(boundedLines(['x'.repeat(200_000)]).join('').length).toBeLessThan(2 ** 16 + 10);
  // Empty lines count towards the limit as well.
  expect(boundedLines(Array.from({ length: 200_000 }, () => '')).length).toBeLessThanOrEqual(2 ** 16);
});

test('the text of an error is safe for a terminal, whoever wrote it', () => {
  const system = Object.assign(new Error("ENOENT: no such file, open '\x1b[2J\u202e'"), { code: 'ENOENT' });
  expect(failureText(system)).toBe("ENOENT: no such file, open '\ufffd[2J\ufffd'");
  expect(failureText(new Error('\x9b2J')).split('\n')[0]).toBe('Error: \ufffd2J');
  expect(failureText('\x1b[2J')).toBe('\ufffd[2J');
  const values = [undefined, null, Symbol('s'), Object.create(null)];
  expect(values.map(failureText)).toEqual(['undefined', 'null', 'Symbol(s)', 'an object (Object)']);
  expect(failureText(new Error('x'.repeat(2 ** 20))).length).toBeLessThan(5000);
});

test('an error of this package is printable and short, whatever its parts are', () => {
  const text = `\x1b[2J\u202e${'x'.repeat(2 ** 20)}`;
  const error = new BridgeError('BRIDGE_TARGET', `no ${text}`, { target: text, hint: 'h' });
  expect(error.message).toMatch(/^no \ufffd\[2J\ufffdx+ …$/);
  expect(error.message.length).toBeLessThan(5000);
  expect(error.detail.target).toMatch(/^\ufffd\[2J\ufffdx+ …$/);
  expect(String(error.detail.target).length).toBeLessThan(2 ** 16 + 10);
  expect(error.detail.hint).toBe('h');
  expect(new BridgeError('BRIDGE_OPTION', 'no', { value: [1] }).detail.value).toEqual([1]);
});
