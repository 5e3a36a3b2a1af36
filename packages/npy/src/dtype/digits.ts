// Numbers in a dtype's spelling, read as C reads them.
import { Cursor, isDigit } from '../python/cursor.ts';

/** Digits as C's strtol takes them, blanks and a plus in front allowed. */
export function parseInteger(text: string): number | undefined {
  const cursor = new Cursor(text);
  cursor.while(isBlank);
  cursor.take('+');
  const digits = cursor.while(isDigit);
  return digits !== '' && cursor.next === '' ? Number(digits) : undefined;
}

/** White space as C has it. */
export function isBlank(c: string): boolean {
  return c === ' ' || (c >= '\t' && c <= '\r');
}
