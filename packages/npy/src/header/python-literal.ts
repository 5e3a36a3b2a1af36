// Reads one Python literal, as ast.literal_eval would: strings of every spelling, integers, True, False, None,
// tuples, lists, dicts. By a grammar, one token at a time; nothing is ever evaluated.
//   literal := string+ | sign? number | name | '(' items ')' | '[' items ']' | '{' pairs '}'
// Source of the rules: the Python Language Reference, "Lexical analysis", and ast.literal_eval.
import { NpyError } from '../errors.ts';

/** A literal that Python accepts and that no header has a use for: a float, bytes, an Ellipsis, a set. */
export interface PyOther {
  readonly kind: 'other';
  readonly text: string;
}
export interface PyTuple {
  readonly kind: 'tuple';
  readonly items: readonly PyLiteral[];
}
export interface PyList {
  readonly kind: 'list';
  readonly items: readonly PyLiteral[];
}
export interface PyDict {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<PyLiteral, PyLiteral>;
}
/** Integers are bigint: a header may spell any size, and whoever needs a number checks the range. */
export type PyLiteral = string | bigint | boolean | null | PyTuple | PyList | PyDict | PyOther;

/** Python itself gives up at about 200 open brackets. */
const MAX_DEPTH = 200;
/** Python refuses longer decimal integers (sys.int_info.default_max_str_digits). */
const MAX_DIGITS = 4300;

const isDigit = (c: string | undefined): boolean => c !== undefined && c >= '0' && c <= '9';
const isNameStart = (c: string | undefined): boolean =>
  c !== undefined && ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c === '_' || c > '\x7f');
const isNamePart = (c: string | undefined): boolean => isNameStart(c) || isDigit(c);

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const HEX_ESCAPES: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };
const RADIX: Readonly<Record<string, readonly [digits: string, name: string]>> = {
  x: ['0123456789abcdef', 'hexadecimal'],
  o: ['01234567', 'octal'],
  b: ['01', 'binary'],
};

/** What Python takes for a key. */
function isHashable(key: PyLiteral): boolean {
  if (key === null || typeof key !== 'object' || key.kind === 'other') return true;
  return key.kind === 'tuple' && key.items.every(isHashable);
}

/**
 * Reads `text` as one Python literal.
 * @param longSuffix also take Python 2's `L` after a number, as NumPy does for versions 1.0 and 2.0
 * @throws NpyError NPY_HEADER when the text is anything else
 */
export function parsePythonLiteral(text: string, longSuffix: boolean): PyLiteral {
  return new Parser(text, longSuffix).whole();
}

class Parser {
  readonly #text: string;
  readonly #longSuffix: boolean;
  #at = 0;
  #depth = 0;

  constructor(text: string, longSuffix: boolean) {
    // Python reads CR LF and CR as LF before it looks at tokens.
    this.#text = text.includes('\r') ? text.replaceAll('\r\n', '\n').replaceAll('\r', '\n') : text;
    this.#longSuffix = longSuffix;
  }

  whole(): PyLiteral {
    if (this.#text.includes('\0')) this.#fail('a text without NUL');
    this.#leadingLines();
    const value = this.#literal();
    this.#space();
    if (this.#at < this.#text.length) this.#fail('one literal and no more');
    return value;
  }

  #fail(expected: string): never {
    const found = this.#at < this.#text.length ? JSON.stringify(this.#text.slice(this.#at, this.#at + 12)) : 'the end';
    throw new NpyError('NPY_HEADER', `npy header: expected ${expected} at character ${this.#at}, found ${found}`, {
      expected,
      found,
      at: this.#at,
    });
  }

  /** Blanks and, inside brackets, comments and line breaks. At the top level a line break may only lead or trail. */
  #space(): void {
    for (;;) {
      const c = this.#text[this.#at];
      if (c === '#') {
        while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at++;
      } else if (c === '\\' && this.#text[this.#at + 1] === '\n') {
        this.#at += 2;
        if (this.#at === this.#text.length) this.#fail('a line after the backslash');
      } else if (c === ' ' || c === '\t' || c === '\f' || c === '\n') {
        this.#at++;
      } else {
        return;
      }
    }
  }

  /** Lines of blanks and comments before the literal, whose own line must not be indented once there was one. */
  #leadingLines(): void {
    while (this.#text[this.#at] === ' ' || this.#text[this.#at] === '\t') this.#at++;
    const start = this.#at;
    this.#space();
    // A form feed starts the line anew; blanks behind it indent as well.
    const before = this.#text[this.#at - 1];
    if (this.#at > start && (before === ' ' || before === '\t')) this.#fail('a line that is not indented');
  }

  #literal(): PyLiteral {
    const c = this.#text[this.#at];
    if (c === '{') return this.#nested(() => this.#dict());
    if (c === '(') return this.#nested(() => this.#parentheses());
    if (c === '[') return this.#nested((): PyLiteral => ({ kind: 'list', items: this.#items(']') }));
    if (c === '+' || c === '-') {
      this.#at++;
      this.#space();
      const value = this.#unsigned();
      if (c === '+' || typeof value !== 'bigint') return value;
      return -value;
    }
    if (isDigit(c) || c === '.') return this.#number();
    if (this.#stringPrefix() !== undefined) return this.#strings();
    if (isNameStart(c)) return this.#name();
    return this.#fail('a literal');
  }

  /** What a sign may stand in front of: a number, in parentheses of its own if it likes. */
  #unsigned(): bigint | PyOther {
    if (this.#text[this.#at] !== '(') return this.#number();
    return this.#nested(() => {
      const value = this.#unsigned();
      this.#space();
      if (this.#text[this.#at] !== ')') this.#fail("')'");
      this.#at++;
      return value;
    });
  }

  #nested<T>(read: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.#fail(`at most ${MAX_DEPTH} open brackets`);
    this.#at++;
    this.#space();
    const value = read();
    this.#depth--;
    return value;
  }

  /** Items up to `close`, a trailing comma allowed; reports whether any comma was seen. */
  #sequence(close: string): { items: PyLiteral[]; comma: boolean } {
    const items: PyLiteral[] = [];
    let comma = false;
    while (this.#text[this.#at] !== close) {
      items.push(this.#literal());
      this.#space();
      if (this.#text[this.#at] === close) break;
      if (this.#text[this.#at] !== ',') this.#fail(`',' or '${close}'`);
      comma = true;
      this.#at++;
      this.#space();
    }
    this.#at++;
    return { items, comma };
  }

  #items(close: string): PyLiteral[] {
    return this.#sequence(close).items;
  }

  #parentheses(): PyLiteral {
    const { items, comma } = this.#sequence(')');
    const [only] = items;
    // (x) is x, (x,) is a tuple.
    return items.length === 1 && !comma && only !== undefined ? only : { kind: 'tuple', items };
  }

  #dict(): PyLiteral {
    const entries = new Map<PyLiteral, PyLiteral>();
    while (this.#text[this.#at] !== '}') {
      const key = this.#literal();
      if (!isHashable(key)) this.#fail('a key that is no list or dict');
      this.#space();
      if (this.#text[this.#at] !== ':') this.#fail("':' after a key");
      this.#at++;
      this.#space();
      entries.set(key, this.#literal());
      this.#space();
      if (this.#text[this.#at] === '}') break;
      if (this.#text[this.#at] !== ',') this.#fail("',' or '}'");
      this.#at++;
      this.#space();
    }
    this.#at++;
    return { kind: 'dict', entries };
  }

  #name(): PyLiteral {
    const start = this.#at;
    while (isNamePart(this.#text[this.#at])) this.#at++;
    const name = this.#text.slice(start, this.#at);
    if (name === 'True') return true;
    if (name === 'False') return false;
    if (name === 'None') return null;
    this.#at = start;
    return this.#fail('a literal');
  }

  #number(): bigint | PyOther {
    const start = this.#at;
    const text = this.#text;
    if (!isDigit(text[start]) && !(text[start] === '.' && isDigit(text[start + 1]))) this.#fail('a number');
    const radix = text[start] === '0' ? RADIX[text[start + 1]?.toLowerCase() ?? ''] : undefined;
    if (radix) {
      this.#at += 2;
      const digits = this.#digits(radix[0], true);
      if (digits === '') this.#fail(`a ${radix[1]} digit`);
      return this.#numberEnd(BigInt(text.slice(start, start + 2) + digits));
    }
    const digits = this.#digits('0123456789', false);
    if (this.#floatTail()) return this.#numberEnd({ kind: 'other', text: text.slice(start, this.#at) });
    if (digits.length > 1 && digits[0] === '0' && !/^0*$/.test(digits)) {
      this.#at = start;
      this.#fail('an integer without leading zeros');
    }
    if (digits.length > MAX_DIGITS && !/^0*$/.test(digits)) this.#fail(`an integer of at most ${MAX_DIGITS} digits`);
    return this.#numberEnd(BigInt(digits));
  }

  /** A run of digits, single underscores between them (and, after a radix prefix, in front). */
  #digits(allowed: string, leadingUnderscore: boolean): string {
    let digits = '';
    for (;;) {
      const c = this.#text[this.#at]?.toLowerCase();
      if (c !== undefined && allowed.includes(c)) digits += c;
      else if (c !== '_' || (digits === '' && !leadingUnderscore) || !this.#digitAt(this.#at + 1, allowed))
        return digits;
      this.#at++;
    }
  }

  #digitAt(at: number, allowed: string): boolean {
    const c = this.#text[at]?.toLowerCase();
    return c !== undefined && allowed.includes(c);
  }

  /** `.5`, `1.`, `1e5`, `3j`: read over so that what follows is found; the value is of no use to a header. */
  #floatTail(): boolean {
    const start = this.#at;
    if (this.#text[this.#at] === '.') {
      this.#at++;
      this.#digits('0123456789', false);
    }
    if (this.#text[this.#at] === 'e' || this.#text[this.#at] === 'E') {
      const sign = this.#text[this.#at + 1] === '+' || this.#text[this.#at + 1] === '-' ? 1 : 0;
      if (isDigit(this.#text[this.#at + 1 + sign])) {
        this.#at += 1 + sign;
        this.#digits('0123456789', false);
      }
    }
    if (this.#text[this.#at] === 'j' || this.#text[this.#at] === 'J') this.#at++;
    return this.#at > start;
  }

  #numberEnd<T>(value: T): T {
    if (this.#longSuffix) {
      // NumPy drops every L that follows a number as a token of its own: `3L`, `3 L`, `3L L`.
      for (
        let at = this.#behindBlanks();
        this.#text[at] === 'L' && !isNamePart(this.#text[at + 1]);
        at = this.#behindBlanks()
      )
        this.#at = at + 1;
    }
    if (isNamePart(this.#text[this.#at])) this.#fail('the end of a number');
    return value;
  }

  /** Where the line goes on behind blanks, those of a backslash and a line break included. */
  #behindBlanks(): number {
    let at = this.#at;
    for (;;) {
      if (this.#text[at] === ' ' || this.#text[at] === '\t' || this.#text[at] === '\f') at++;
      else if (this.#text.startsWith('\\\n', at)) at += 2;
      else return at;
    }
  }

  /** The prefix in front of a quote (`''`, `u`, `r`, `b`, `br` …), or undefined where no string starts. */
  #stringPrefix(): string | undefined {
    const at = this.#at;
    for (let length = 0; length <= 2; length++) {
      const c = this.#text[at + length];
      if (c === "'" || c === '"') {
        const prefix = this.#text.slice(at, at + length).toLowerCase();
        return ['', 'u', 'r', 'b', 'br', 'rb'].includes(prefix) ? prefix : undefined;
      }
    }
    return undefined;
  }

  /** One or more adjacent string literals, joined as Python joins them. */
  #strings(): string | PyOther {
    let joined = '';
    let bytes: boolean | undefined;
    for (let prefix = this.#stringPrefix(); prefix !== undefined; prefix = this.#stringPrefix()) {
      const isBytes = prefix.includes('b');
      if (bytes !== undefined && bytes !== isBytes) this.#fail('strings or bytes, not both');
      bytes = isBytes;
      this.#at += prefix.length;
      joined += this.#string(prefix.includes('r'), isBytes);
      // Two strings are one literal across a line break only inside brackets, and a header's always are.
      this.#space();
    }
    return bytes ? { kind: 'other', text: joined } : joined;
  }

  #string(raw: boolean, bytes: boolean): string {
    const text = this.#text;
    const quote = text[this.#at] ?? '';
    const triple = text.startsWith(quote.repeat(3), this.#at);
    const close = triple ? quote.repeat(3) : quote;
    this.#at += close.length;
    let value = '';
    for (;;) {
      const c = text[this.#at];
      if (c === undefined || (c === '\n' && !triple)) return this.#fail(`the closing ${close}`);
      if (text.startsWith(close, this.#at)) {
        this.#at += close.length;
        return value;
      }
      if (bytes && c > '\x7f') this.#fail('ASCII in bytes');
      this.#at++;
      if (c !== '\\') value += c;
      else if (raw) value += c + (text[this.#at++] ?? '');
      else value += this.#escape();
    }
  }

  /** What stands behind a backslash. An unknown escape keeps its backslash, as in Python. */
  #escape(): string {
    const text = this.#text;
    const c = text[this.#at++] ?? '';
    const simple = SIMPLE_ESCAPES[c];
    if (simple !== undefined) return simple;
    const width = HEX_ESCAPES[c];
    if (width !== undefined) {
      const hex = text.slice(this.#at, this.#at + width);
      const code = /^[0-9a-fA-F]+$/.test(hex) && hex.length === width ? Number.parseInt(hex, 16) : Number.NaN;
      if (!(code <= 0x10ffff)) this.#fail(`${width} hexadecimal digits of a code point`);
      this.#at += width;
      return String.fromCodePoint(code);
    }
    if (c >= '0' && c <= '7') {
      let octal = c;
      while (octal.length < 3 && (text[this.#at] ?? '') >= '0' && (text[this.#at] ?? '') <= '7')
        octal += text[this.#at++];
      return String.fromCharCode(Number.parseInt(octal, 8));
    }
    if (c === 'N' && text[this.#at] === '{')
      this.#fail('an escape other than \\N{…}, which needs the Unicode name table');
    return `\\${c}`;
  }
}
