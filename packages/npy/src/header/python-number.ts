// Reads Python's numbers: integers of every radix, and floats and imaginary numbers as far as their end.
//   0x1F   0o17   0b1   1_000   00   3L (Python 2)   .5   1.   1e-5   3j
// Source of the rules: the Python Language Reference, "Numeric literals".
import { type Cursor, isDigit, isIn, isNamePart } from './cursor.ts';

/** Python refuses longer decimal integers (sys.int_info.default_max_str_digits). */
const MAX_DIGITS = 4300;

const DECIMAL = '0123456789';
const RADIX: Readonly<Record<string, readonly [digits: string, name: string]>> = {
  x: [`${DECIMAL}abcdef`, 'hexadecimal'],
  o: ['01234567', 'octal'],
  b: ['01', 'binary'],
};

/** An integer, or the text of a number that is none. @throws NpyError NPY_HEADER */
export function readNumber(cursor: Cursor, longSuffix: boolean): bigint | string {
  const value = readDigits(cursor);
  // NumPy drops every L that follows a number as a token of its own: `3L`, `3 L`, `3L L`.
  while (longSuffix && takeLong(cursor));
  if (isNamePart(cursor.next)) cursor.fail('the end of a number');
  return value;
}

function readDigits(cursor: Cursor): bigint | string {
  const { text, at: start } = cursor;
  if (!isDigit(cursor.next) && !(cursor.next === '.' && isDigit(text.charAt(start + 1)))) cursor.fail('a number');
  const radix = cursor.next === '0' ? RADIX[text.charAt(start + 1).toLowerCase()] : undefined;
  if (radix) {
    cursor.at += 2;
    const digits = run(cursor, radix[0], true);
    if (digits === '') cursor.fail(`a ${radix[1]} digit`);
    return BigInt(text.slice(start, start + 2) + digits);
  }
  const digits = run(cursor, DECIMAL, false);
  const end = cursor.at;
  readFloatTail(cursor);
  if (cursor.at > end) return text.slice(start, cursor.at);
  const value = isZeros(digits) ? 0n : undefined;
  if (value === undefined && digits.length > 1 && digits[0] === '0') {
    cursor.at = start;
    cursor.fail('an integer without leading zeros');
  }
  if (value === undefined && digits.length > MAX_DIGITS) cursor.fail(`an integer of at most ${MAX_DIGITS} digits`);
  return value ?? BigInt(digits);
}

/** A run of digits, single underscores between them (and, after a radix prefix, in front). */
function run(cursor: Cursor, allowed: string, leadingUnderscore: boolean): string {
  const isAllowed = (at: number): boolean => isIn(cursor.text.charAt(at).toLowerCase(), allowed);
  let digits = '';
  for (;;) {
    if (isAllowed(cursor.at)) digits += cursor.next;
    else if (cursor.next !== '_' || (digits === '' && !leadingUnderscore) || !isAllowed(cursor.at + 1)) return digits;
    cursor.at++;
  }
}

/** Read over, so that what follows is found: the value is of no use to a header. */
function readFloatTail(cursor: Cursor): void {
  if (cursor.take('.')) run(cursor, DECIMAL, false);
  if (isIn(cursor.next, 'eE')) {
    const digits = cursor.at + (isIn(cursor.text.charAt(cursor.at + 1), '+-') ? 2 : 1);
    if (isDigit(cursor.text.charAt(digits))) {
      cursor.at = digits;
      run(cursor, DECIMAL, false);
    }
  }
  if (isIn(cursor.next, 'jJ')) cursor.at++;
}

function isZeros(digits: string): boolean {
  return digits !== '' && [...digits].every((c) => c === '0');
}

/** An L by itself, behind blanks of the same line, those of a backslash and a line break included. */
function takeLong(cursor: Cursor): boolean {
  const start = cursor.at;
  do cursor.while((c) => isIn(c, ' \t\f'));
  while (cursor.take('\\\n'));
  if (cursor.take('L') && !isNamePart(cursor.next)) return true;
  cursor.at = start;
  return false;
}
