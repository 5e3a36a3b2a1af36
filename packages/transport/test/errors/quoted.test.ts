// Messages and details quote untrusted text with a limited length, and without characters that act on a terminal or a log.
import { expect, test } from 'vitest';
import { optionError } from '../../src/errors/options.ts';
import { plain, quoted } from '../../src/errors/quoted.ts';
import { isTransportError } from '../../src/errors/transport-error.ts';
import { asciiLength } from '../../src/framing/ascii-length.ts';
import { decimalLength } from '../../src/framing/decimal-length.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: the text must not contain these characters
const ACTIVE = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/;

test('what a reader of plain text expects stays as it is', () => {
  expect(quoted('GET / HTTP')).toBe('"GET / HTTP"');
  expect(quoted('größer 🐢 かめ')).toBe('"größer 🐢 かめ"');
  expect(plain('say "a"')).toBe('say "a"');
});

test('control characters, C1 and bidirectional marks included, are written as escapes', () => {
  const active = Array.from({ length: 0x3000 }, (_, code) => String.fromCharCode(code)).filter((c) => ACTIVE.test(c));
  expect(active.length).toBeGreaterThan(70);
  for (const character of active) {
    for (const text of [quoted(`a${character}b`), plain(`a${character}b`)]) {
      expect(text).not.toMatch(ACTIVE);
      expect(text).toMatch(/a\\(u[0-9a-f]{4}|[bfnrt])b/);
    }
  }
  expect(quoted('\u001b[2J\u202e\u009b')).toBe('"\\u001b[2J\\u202e\\u009b"');
  expect(quoted('\u{e0041}')).toBe('"\\u{e0041}"');
});

test('a long text is cut, never inside a character, and says how long it was', () => {
  expect(quoted('x'.repeat(50_000_000))).toBe(`"${'x'.repeat(80)}"… (50000000 characters)`);
  expect(plain('ab🐢', 3)).toBe('ab… (4 characters)');
  expect(quoted('\u0000'.repeat(1e6)).length).toBeLessThan(600);
});

test('a frame of control characters reaches neither message nor detail as they are', () => {
  const head = `\u001b]0;title\u0007${'\u009b'.repeat(2000)}`;
  const bytes = Uint8Array.from(head, (character) => character.charCodeAt(0));
  for (const framing of [asciiLength({ width: 1024 }), asciiLength({ width: 10 }), decimalLength({ end: ':' })]) {
    try {
      framing.decoder().push(bytes);
      expect.unreachable();
    } catch (error) {
      if (!isTransportError(error, 'TRANSPORT_BAD_FRAME')) throw error;
      for (const text of [error.message, String(error.detail['text'])]) {
        expect(text).not.toMatch(ACTIVE);
        expect(text.length).toBeLessThan(700);
      }
    }
  }
});

test.each([
  'x'.repeat(1e6),
  '\u202e',
  10n ** 100_000n,
  Symbol('\u001b'.repeat(1000)),
  { [Symbol.toStringTag]: '\u001b'.repeat(1000) },
])('an option of any kind is told in a few harmless words', (value) => {
  const { message } = optionError('end', 'one character', value);
  expect(message).not.toMatch(ACTIVE);
  expect(message.length).toBeLessThan(600);
});
