// Reads the integers in a dtype's spelling as NumPy does, which uses C's strtol.
import { Cursor, isDigit } from '../python/cursor.ts';

/** Returns an integer that may have white space and a plus in front; undefined for any other text. */
export function parseInteger(text: string): number | undefined {
  const cursor = new Cursor(text);
  cursor.while(isCSpace);
  cursor.take('+');
  const digits = cursor.while(isDigit);
  return digits !== '' && cursor.next === '' ? Number(digits) : undefined;
}

/** Returns whether `c` is white space in C. */
export function isCSpace(c: string): boolean {
  return c === ' ' || (c >= '\t' && c <= '\r');
}
