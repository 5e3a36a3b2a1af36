// Reads a header's text in the spelling that nearly all writers use for a plain dtype: NumPy's own, or its keys in another order, with
// other blanks and commas. The text is not parsed: its bytes are compared with the expected words, and the descr and the digits are taken
// out. dictionary.ts reads every other spelling, and would read this one to the same result.
//
// Each function returns the position behind what it reads, or -1 if the text has another spelling, and returns -1 if it is passed -1.
// Comparing strings, or an object that holds its position, took three times as long (Node 24.21, Node 20.20, Chromium 156).
import type { HeaderEntries } from './dictionary.ts';

const DESCR = ascii("'descr'");
const ORDER = ascii("'fortran_order'");
const SHAPE = ascii("'shape'");
const TRUE = ascii('True');
const FALSE = ascii('False');
const NEWLINE = 0x0a;
const SPACE = 0x20;
const QUOTE = 0x27;
const OPEN_BRACKET = 0x28;
const CLOSE_BRACKET = 0x29;
const COMMA = 0x2c;
const ZERO = 0x30;
const NINE = 0x39;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const TILDE = 0x7e;

/** The most digits of a size. A number of more digits might not be a safe integer. */
const SAFE_DIGITS = 15;

/** Reads the header's text, from byte `start` to byte `end`. Returns undefined for any other spelling. */
export function readPlainDictionary(bytes: Uint8Array, start: number, end: number): HeaderEntries<string> | undefined {
  let descr = '';
  let fortranOrder: boolean | undefined;
  let shape: number[] | undefined;
  let at = skipByte(bytes, start, OPEN_BRACE);
  for (let more = 2; more >= 0; more--) {
    const key = skipBlanks(bytes, end, at);
    const letter = bytes[key + 1];
    const word = letter === DESCR[1] ? DESCR : letter === ORDER[1] ? ORDER : SHAPE;
    const value = skipBlanks(bytes, end, skipByte(bytes, skipBlanks(bytes, end, skipWord(bytes, key, word)), COLON));
    if (word === DESCR) {
      at = skipString(bytes, value, end);
      descr = '';
      for (let i = value + 1; i < at - 1; i++) descr += String.fromCharCode(bytes[i] as number);
    } else if (word === ORDER) {
      at = skipWord(bytes, value, TRUE);
      fortranOrder = at >= 0;
      if (!fortranOrder) at = skipWord(bytes, value, FALSE);
    } else {
      shape = [];
      at = readSizes(bytes, value, end, shape);
    }
    at = skipBlanks(bytes, end, at);
    const comma = skipByte(bytes, at, COMMA);
    if (comma >= 0 || more > 0) at = comma;
  }
  // A key that occurs twice takes the place of another one, which is then missing.
  if (descr === '' || fortranOrder === undefined || shape === undefined) return undefined;
  at = skipByte(bytes, skipBlanks(bytes, end, at), CLOSE_BRACE);
  return isPadding(bytes, at, end) ? { descr, fortranOrder, shape } : undefined;
}

/** Skips `expected`, which may reach beyond the end of the text: isPadding returns false then. */
function skipWord(bytes: Uint8Array, at: number, expected: Uint8Array): number {
  if (at < 0) return -1;
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return -1;
  return at + expected.length;
}

function skipByte(bytes: Uint8Array, at: number, expected: number): number {
  return at >= 0 && bytes[at] === expected ? at + 1 : -1;
}

function skipBlanks(bytes: Uint8Array, end: number, start: number): number {
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  return at;
}

/** Skips a string of ASCII characters without escapes. */
function skipString(bytes: Uint8Array, start: number, end: number): number {
  if (bytes[start] !== QUOTE) return -1;
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE || byte > TILDE || byte === BACKSLASH) return -1;
  }
  return -1;
}

/** Reads the sizes of a tuple: `()`, `(3,)`, `(2, 3)`. */
function readSizes(bytes: Uint8Array, start: number, end: number, sizes: number[]): number {
  let at = skipBlanks(bytes, end, skipByte(bytes, start, OPEN_BRACKET));
  let separated = true;
  while (at >= 0 && bytes[at] !== CLOSE_BRACKET) {
    const digits = at;
    let size = 0;
    while (at < end && isDigit(bytes[at] as number)) size = size * 10 + (bytes[at++] as number) - ZERO;
    const count = at - digits;
    if (count === 0 || count > SAFE_DIGITS || (count > 1 && bytes[digits] === ZERO) || !separated) return -1;
    sizes.push(size);
    at = skipBlanks(bytes, end, at);
    separated = bytes[at] === COMMA;
    if (separated) at = skipBlanks(bytes, end, at + 1);
  }
  // (3) is not a tuple.
  return separated || sizes.length > 1 ? skipByte(bytes, at, CLOSE_BRACKET) : -1;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** Returns whether only spaces and a newline are left. */
function isPadding(bytes: Uint8Array, start: number, end: number): boolean {
  if (start < 0) return false;
  const at = skipBlanks(bytes, end, start);
  return at === end - 1 && bytes[at] === NEWLINE;
}

function ascii(text: string): Uint8Array {
  return Uint8Array.from(text, (c) => c.charCodeAt(0));
}
