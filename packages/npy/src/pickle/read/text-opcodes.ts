// Reads the arguments of the opcodes of protocol 0, which are lines of text: `I1`, `L2L`, `F1.5`, `S'a'`, `Va`. Each has a small grammar of
// its own, which is parsed character by character.

import { ESCAPES } from '../../python/escapes.ts';
import { latin1 } from '../../text/latin1.ts';
import { PyStr } from '../values/builtin-classes.ts';
import { asFloat, isUnsignedFloat, MAX_DIGITS, type PyFloat, parseInteger } from '../values/numeric-values.ts';

/** Reads `12` or `-3`. Early versions wrote booleans as `00` and `01`. */
export function readInt(line: Uint8Array): number | bigint | boolean | undefined {
  const text = latin1(line.subarray(0, MAX_DIGITS + 2));
  if (text === '00') return false;
  if (text === '01') return true;
  return parseInteger(text);
}

/** Reads `12L` or `12`. */
export function readLong(line: Uint8Array): number | bigint | undefined {
  const text = latin1(line.subarray(0, MAX_DIGITS + 3));
  return parseInteger(text.endsWith('L') ? text.slice(0, -1) : text);
}

const WORDS: Readonly<Record<string, number>> = {
  nan: Number.NaN,
  inf: Number.POSITIVE_INFINITY,
  infinity: Number.POSITIVE_INFINITY,
};

/** Reads `1.5`, `1e+16`, `inf` or `-nan`. */
export function readFloat(line: Uint8Array): number | PyFloat | undefined {
  if (line.length > 1100) return undefined;
  const text = latin1(line);
  const sign = text[0] === '-' || text[0] === '+' ? 1 : 0;
  const rest = text.slice(sign).toLowerCase();
  const word = Object.hasOwn(WORDS, rest) ? WORDS[rest] : undefined;
  const value = word ?? (isUnsignedFloat(rest) ? Number(rest) : undefined);
  if (value === undefined) return undefined;
  return asFloat(text[0] === '-' ? -value : value);
}

/** Reads the bytes of a quoted str of Python 2. Octal escapes are not supported, since Python's repr never writes them. */
export function readQuoted(line: Uint8Array): Uint8Array | undefined {
  const text = latin1(line).trimEnd();
  const quote = text[0];
  const end = text.length - 1;
  if (end < 1 || (quote !== "'" && quote !== '"') || text[end] !== quote) return undefined;
  const parts: string[] = [];
  for (let i = 1; i < end; i++) {
    const c = text[i] ?? '';
    if (c === quote) return undefined;
    if (c !== '\\') {
      parts.push(c);
      continue;
    }
    const next = text[++i] ?? '';
    const code = next === 'x' ? hex(text.slice(i + 1, i + 3), 2) : undefined;
    if (code !== undefined) i += 2;
    const char = code === undefined ? escapedCharacter(next) : String.fromCharCode(code);
    if (char === undefined || i >= end) return undefined;
    parts.push(char);
  }
  return Uint8Array.from(parts, (char) => char.charCodeAt(0));
}

function escapedCharacter(next: string): string | undefined {
  return Object.hasOwn(ESCAPES, next) ? ESCAPES[next] : undefined;
}

/** Reads a str in which characters above Latin-1, newlines and backslashes are written as `\uXXXX` or `\UXXXXXXXX`. */
export function readUnicode(line: Uint8Array): string | PyStr | undefined {
  const text = latin1(line);
  if (!text.includes('\\')) return text;
  const codes: number[] = [];
  let paired = false;
  for (let i = 0; i < text.length; i++) {
    const next = text[i] === '\\' ? text[i + 1] : undefined;
    const digits = next === 'u' ? 4 : next === 'U' ? 8 : 0;
    if (digits === 0) {
      codes.push(text.charCodeAt(i));
      // A backslash in front of any other character is no escape: both characters are kept.
      if (next !== undefined) codes.push(text.charCodeAt(++i));
      continue;
    }
    const code = hex(text.slice(i + 2, i + 2 + digits), digits);
    if (code === undefined || code > 0x10ffff) return undefined;
    const before = codes.at(-1) ?? 0;
    if (before >= 0xd800 && before < 0xdc00 && code >= 0xdc00 && code < 0xe000) paired = true;
    codes.push(code);
    i += 1 + digits;
  }
  return paired ? new PyStr(codes) : codes.map((code) => String.fromCodePoint(code)).join('');
}

function hex(digits: string, length: number): number | undefined {
  if (digits.length !== length) return undefined;
  let value = 0;
  for (const c of digits) {
    const digit = '0123456789abcdef'.indexOf(c.toLowerCase());
    if (digit < 0) return undefined;
    value = value * 16 + digit;
  }
  return value;
}
