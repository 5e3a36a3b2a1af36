// A position in a header's text, shared by the readers of Python's tokens. Characters are compared one by one: looking them up in sets
// takes several times as long, and half of a header is blanks.
import { NpyError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';

export class Cursor {
  readonly text: string;
  /** The number of characters read so far. */
  at = 0;

  constructor(text: string) {
    // Python reads CR LF and CR as LF before it looks at tokens.
    this.text = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
  }

  /** The next character; `''` at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  /** Reads characters while `wanted` is true for them, and returns them. */
  while(wanted: (c: string) => boolean): string {
    const start = this.at;
    while (this.at < this.text.length && wanted(this.next)) this.at++;
    return this.text.slice(start, this.at);
  }

  /** Reads `token` if it is next, and returns whether it is. */
  take(token: string): boolean {
    const found = token.length === 1 ? this.next === token : this.text.startsWith(token, this.at);
    if (found) this.at += token.length;
    return found;
  }

  /** Reads `token`. @throws NpyError NPY_HEADER if something else is next */
  expect(token: string, what = `'${token}'`): void {
    if (!this.take(token)) this.fail(what);
  }

  /** Skips blanks, comments and line breaks, which may be between tokens inside brackets. */
  skipSpace(): void {
    for (;;) {
      const c = this.next;
      if (c === '\n' || isBlank(c)) this.at++;
      else if (c === '#') this.while((commented) => commented !== '\n');
      else if (c !== '\\' || !this.take('\\\n')) return;
      else if (this.next === '') this.fail('a line after the backslash');
    }
  }

  /** @throws NpyError NPY_HEADER with the text at this position */
  fail(expected: string): never {
    const { at, text } = this;
    const found = at < text.length ? quoted(text.slice(at, at + 12)) : 'the end';
    const message = `npy header: expected ${expected} at character ${at}, found ${found}`;
    throw new NpyError('NPY_HEADER', message, { expected, found, at });
  }
}

/** Returns whether `c` may be between two tokens of a line. */
export function isBlank(c: string): boolean {
  return c === ' ' || c === '\t' || c === '\f';
}

/** Returns whether `c` is one of the characters of `set`. */
export function isIn(c: string, set: string): boolean {
  return c !== '' && set.includes(c);
}

export function isQuote(c: string): boolean {
  return c === "'" || c === '"';
}

export function isDigit(c: string): boolean {
  return isBetween(c.charCodeAt(0), '09');
}

/** Returns whether `c` is a digit of the base `radix`. */
export function isDigitOf(c: string, radix: number): boolean {
  return radix === 10 ? isDigit(c) : Number.parseInt(c, radix) >= 0;
}

export function isLetter(c: string): boolean {
  const code = c.charCodeAt(0);
  return isBetween(code, 'az') || isBetween(code, 'AZ');
}

export function isNameStart(c: string): boolean {
  return isLetter(c) || c === '_' || c > '\x7f';
}

export function isNamePart(c: string): boolean {
  return isNameStart(c) || isDigit(c);
}

/** Returns whether a code is between those of two characters. NaN, the code of an empty string, is not: no comparison with it is true. */
function isBetween(code: number, ends: '09' | 'az' | 'AZ'): boolean {
  return code >= ends.charCodeAt(0) && code <= ends.charCodeAt(1);
}
