// Reads Python's numbers: the value of integers of every radix, and only the text of floats and imaginary numbers.
//   0x1F   0o17   0b1   1_000   00   3L (Python 2)   .5   1.   1e-5   3j
// Source of the rules: the Python Language Reference, "Numeric literals".
import { type Cursor, isBlank, isDigit, isDigitOf, isIn, isNamePart } from './cursor.ts';

/** The digits of the longest decimal integer that Python accepts (sys.int_info.default_max_str_digits). */
const MAX_DIGITS = 4300;

const RADIX: Readonly<Record<string, number>> = { x: 16, o: 8, b: 2 };

/** Returns an integer, or the text of any other number. @throws NpyError NPY_HEADER */
export function readNumber(cursor: Cursor, longSuffix: boolean): bigint | string {
  const value = readDigits(cursor);
  // NumPy drops every L that follows a number as a token of its own: `3L`, `3 L`, `3L L`.
  while (longSuffix && takeLongSuffix(cursor));
  if (isNamePart(cursor.next)) cursor.fail('the end of a number');
  return value;
}

function readDigits(cursor: Cursor): bigint | string {
  const { text, at: start } = cursor;
  if (!isDigit(cursor.next) && !(cursor.next === '.' && isDigit(text.charAt(start + 1)))) cursor.fail('a number');
  const radix = cursor.next === '0' ? RADIX[text.charAt(start + 1).toLowerCase()] : undefined;
  if (radix) {
    cursor.at += 2;
    const digits = readDigitRun(cursor, radix, true);
    if (digits === '') cursor.fail(`a digit of base ${radix}`);
    return BigInt(text.slice(start, start + 2) + digits);
  }
  const digits = readDigitRun(cursor, 10, false);
  const end = cursor.at;
  skipFloatTail(cursor);
  if (cursor.at > end) return text.slice(start, cursor.at);
  if (digits.startsWith('0')) {
    if ([...digits].every((c) => c === '0')) return 0n;
    cursor.at = start;
    cursor.fail('an integer without leading zeros');
  }
  if (digits.length > MAX_DIGITS) cursor.fail(`an integer of at most ${MAX_DIGITS} digits`);
  return BigInt(digits);
}

/** Reads digits with single underscores between them (and, after a radix prefix, in front). */
function readDigitRun(cursor: Cursor, radix: number, leadingUnderscore: boolean): string {
  const { text } = cursor;
  let digits = '';
  for (;;) {
    const start = cursor.at;
    while (isDigitOf(cursor.next, radix)) cursor.at++;
    digits += text.slice(start, cursor.at);
    const isSeparator = cursor.next === '_' && (digits !== '' || leadingUnderscore);
    if (!isSeparator || !isDigitOf(text.charAt(cursor.at + 1), radix)) return digits;
    cursor.at++;
  }
}

/** Skips the fraction, exponent and `j` of a number. Their value is not needed: no header has floats. */
function skipFloatTail(cursor: Cursor): void {
  if (cursor.take('.')) readDigitRun(cursor, 10, false);
  if (isIn(cursor.next, 'eE')) {
    const digits = cursor.at + (isIn(cursor.text.charAt(cursor.at + 1), '+-') ? 2 : 1);
    if (isDigit(cursor.text.charAt(digits))) {
      cursor.at = digits;
      readDigitRun(cursor, 10, false);
    }
  }
  if (isIn(cursor.next, 'jJ')) cursor.at++;
}

/** Reads an `L` token behind blanks of the same line, backslashes with line breaks included. Returns whether there is one. */
function takeLongSuffix(cursor: Cursor): boolean {
  const start = cursor.at;
  do cursor.while(isBlank);
  while (cursor.take('\\\n'));
  if (cursor.take('L') && !isNamePart(cursor.next)) return true;
  cursor.at = start;
  return false;
}
