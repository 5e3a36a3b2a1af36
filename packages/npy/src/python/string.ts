// Reads Python's strings: single and double quotes, triple quotes, the prefixes u, r and b, adjacent strings joined, every escape.
// Source of the rules: the Python Language Reference, "String and Bytes literals".
import { type Cursor, isDigitOf, isQuote } from './cursor.ts';
import { ESCAPES } from './escapes.ts';

const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const PREFIXES: readonly string[] = ['', 'u', 'r', 'b', 'br', 'rb'];

/** Returns the prefix in front of a quote; undefined if no string starts here. */
export function stringPrefix({ text, at }: Cursor): string | undefined {
  let length = 0;
  while (length < 2 && !isQuote(text.charAt(at + length))) length++;
  if (!isQuote(text.charAt(at + length))) return undefined;
  const prefix = text.slice(at, at + length).toLowerCase();
  return PREFIXES.includes(prefix) ? prefix : undefined;
}

/** Reads one or more adjacent strings, or bytes, and joins them. @throws NpyError NPY_HEADER */
export function readStrings(cursor: Cursor): { text: string; isBytes: boolean } {
  const first = stringPrefix(cursor);
  const isBytes = first?.includes('b') ?? false;
  let text = '';
  for (let prefix = first; prefix !== undefined; prefix = stringPrefix(cursor)) {
    if (prefix.includes('b') !== isBytes) cursor.fail('strings or bytes, not both');
    cursor.at += prefix.length;
    text += readString(cursor, prefix.includes('r'), isBytes);
    // Adjacent strings join across a line break only inside brackets, and those of a header are always inside.
    cursor.skipSpace();
  }
  return { text, isBytes };
}

function readString(cursor: Cursor, raw: boolean, isBytes: boolean): string {
  const { text } = cursor;
  const quote = cursor.next;
  const triple = cursor.take(quote + quote + quote);
  const close = triple ? quote + quote + quote : quote;
  if (!triple) cursor.at++;
  const isInvalid = (c: string): boolean => isBytes && c > '\x7f';
  let value = '';
  while (!cursor.take(close)) {
    const { at, next } = cursor;
    if (next === '' || (next === '\n' && !triple)) cursor.fail(`the closing ${close}`);
    if (isInvalid(next)) cursor.fail('ASCII in bytes');
    cursor.at++;
    if (next === '\\') {
      value += raw ? next + cursor.next : readEscape(cursor);
      if (raw) cursor.at++;
      continue;
    }
    // Characters that stand for themselves are read in one go.
    for (let c = cursor.next; c !== '' && c !== quote && c !== '\\' && c !== '\n' && !isInvalid(c); c = cursor.next)
      cursor.at++;
    value += text.slice(at, cursor.at);
  }
  return value;
}

/** Reads what follows a backslash. An unknown escape keeps its backslash, as in Python. */
function readEscape(cursor: Cursor): string {
  const c = cursor.next;
  cursor.at++;
  const width = HEX_DIGITS[c];
  if (width !== undefined) {
    const hex = cursor.text.slice(cursor.at, cursor.at + width);
    const isHex = hex.length === width && [...hex].every((digit) => isDigitOf(digit, 16));
    const code = isHex ? Number.parseInt(hex, 16) : Number.NaN;
    if (!(code <= 0x10ffff)) cursor.fail(`${width} hex digits, at most 10ffff`);
    cursor.at += width;
    return String.fromCodePoint(code);
  }
  if (isDigitOf(c, 8)) {
    const start = cursor.at - 1;
    while (cursor.at < start + 3 && isDigitOf(cursor.next, 8)) cursor.at++;
    return String.fromCharCode(Number.parseInt(cursor.text.slice(start, cursor.at), 8));
  }
  if (c === 'N' && cursor.next === '{') cursor.fail('an escape other than \\N{…}, which needs the Unicode name table');
  return ESCAPES[c] ?? `\\${c}`;
}
