// A header's text as NumPy spells it for a plain dtype, which nearly all files have. There is nothing to parse in it: the
// bytes are held against the spelling, and the descr and the digits taken out. What differs in a single byte is left to
// dictionary.ts, which reads this spelling as well, and to the same result.
//
// A position of -1 says that the text is another one; every step passes it on. Positions and bytes, because comparing
// strings, or an object that knows its position, took three times as long (Node 24.21, Node 20.20, Chromium 156).
import type { HeaderEntries } from './dictionary.ts';
import { BETWEEN, C, CLOSE, FORTRAN, NEWLINE, OPEN, SINGLE, SPACE, ZERO } from './spelling.ts';

const QUOTE = 0x27;
const NINE = 0x39;
const BACKSLASH = 0x5c;
const TILDE = 0x7e;

/** A number of more digits might not be safe. */
const SAFE_DIGITS = 15;

/** Reads the text from `start` to `end`. Undefined where it has any other spelling. */
export function readNumpyText(bytes: Uint8Array, start: number, end: number): HeaderEntries<string> | undefined {
  const descrStart = behind(bytes, start, end, OPEN);
  const descrEnd = behindString(bytes, descrStart, end);
  const inC = behind(bytes, descrEnd, end, C);
  const sizesStart = inC < 0 ? behind(bytes, descrEnd, end, FORTRAN) : inC;
  const shape: number[] = [];
  const sizesEnd = behindSizes(bytes, sizesStart, end, shape);
  if (!isPadding(bytes, behind(bytes, sizesEnd, end, CLOSE), end)) return undefined;
  let descr = '';
  for (let at = descrStart + 1; at < descrEnd - 1; at++) descr += String.fromCharCode(bytes[at] as number);
  return { descr, fortranOrder: inC < 0, shape };
}

/** Where the text goes on behind `expected`. */
function behind(bytes: Uint8Array, at: number, end: number, expected: Uint8Array): number {
  if (at < 0 || end - at < expected.length) return -1;
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return -1;
  return at + expected.length;
}

/** Where the text goes on behind a string in single quotes of ASCII characters that stand for themselves. */
function behindString(bytes: Uint8Array, start: number, end: number): number {
  if (start < 0 || start >= end || bytes[start] !== QUOTE) return -1;
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return at + 1;
    if (byte < SPACE || byte > TILDE || byte === BACKSLASH) return -1;
  }
  return -1;
}

/** Takes the sizes of a tuple: none, `3,`, or `2, 3`. Answers where its bracket should be. */
function behindSizes(bytes: Uint8Array, start: number, end: number, sizes: number[]): number {
  let at = start;
  while (at >= 0) {
    const digits = at;
    let size = 0;
    while (at < end && isDigit(bytes[at] as number)) size = size * 10 + (bytes[at++] as number) - ZERO;
    // No digits: there are no sizes at all, or it is not spelled so.
    if (at === digits) return sizes.length === 0 ? at : -1;
    if (at - digits > SAFE_DIGITS || (at - digits > 1 && bytes[digits] === ZERO)) return -1;
    sizes.push(size);
    const next = behind(bytes, at, end, BETWEEN);
    if (next < 0) return sizes.length === 1 ? behind(bytes, at, end, SINGLE) : at;
    at = next;
  }
  return -1;
}

function isDigit(byte: number): boolean {
  return byte >= ZERO && byte <= NINE;
}

/** Whether nothing but spaces and a newline is left. */
function isPadding(bytes: Uint8Array, start: number, end: number): boolean {
  if (start < 0) return false;
  let at = start;
  while (at < end && bytes[at] === SPACE) at++;
  return at === end - 1 && bytes[at] === NEWLINE;
}
