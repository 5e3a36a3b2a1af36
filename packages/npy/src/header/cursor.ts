// A place in a header's text: what the readers of Python's tokens share.
import { NpyError } from '../errors.ts';

export class Cursor {
  readonly text: string;
  /** Characters read. */
  at = 0;

  constructor(text: string) {
    // Python reads CR LF and CR as LF before it looks at tokens.
    this.text = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
  }

  /** The next character; `''` at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  /** Takes characters as long as they are wanted. */
  while(wanted: (c: string) => boolean): string {
    const start = this.at;
    while (this.at < this.text.length && wanted(this.next)) this.at++;
    return this.text.slice(start, this.at);
  }

  /** Takes `token`, if it is next. */
  take(token: string): boolean {
    const found = this.text.startsWith(token, this.at);
    if (found) this.at += token.length;
    return found;
  }

  /** @throws NpyError NPY_HEADER */
  expect(token: string, what = `'${token}'`): void {
    if (!this.take(token)) this.fail(what);
  }

  /** Blanks, comments and line breaks, as they may stand between tokens inside brackets. */
  space(): void {
    for (;;) {
      this.while((c) => ' \t\f\n'.includes(c));
      if (this.next === '#') this.while((c) => c !== '\n');
      else if (!this.take('\\\n')) return;
      else if (this.next === '') this.fail('a line after the backslash');
    }
  }

  /** @throws NpyError NPY_HEADER */
  fail(expected: string): never {
    const { at, text } = this;
    const found = at < text.length ? JSON.stringify(text.slice(at, at + 12)) : 'the end';
    const message = `npy header: expected ${expected} at character ${at}, found ${found}`;
    throw new NpyError('NPY_HEADER', message, { expected, found, at });
  }
}

/** Whether `c` is one of the characters of `set`. */
export function isIn(c: string, set: string): boolean {
  return c !== '' && set.includes(c);
}

export function isDigit(c: string): boolean {
  return c >= '0' && c <= '9';
}

export function isNameStart(c: string): boolean {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_' || c > '\x7f';
}

export function isNamePart(c: string): boolean {
  return isNameStart(c) || isDigit(c);
}
