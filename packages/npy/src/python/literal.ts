// Reads one Python literal as ast.literal_eval does: strings of every spelling, integers, True, False, None, tuples, lists, dicts.
// The parser follows a grammar, one token at a time, and never evaluates anything.
//   literal := string+ | sign? number | name | '(' items ')' | '[' items ']' | '{' pairs '}'
// Source of the rules: the Python Language Reference, "Lexical analysis", and ast.literal_eval.
import { Cursor, isDigit, isIn, isNamePart, isNameStart } from './cursor.ts';
import { readNumber } from './number.ts';
import { readStrings, stringPrefix } from './string.ts';

/** A literal that Python accepts and no header needs: a float, bytes, an Ellipsis, a set. */
export interface OtherLiteral {
  readonly kind: 'other';
  readonly text: string;
}
export interface TupleLiteral {
  readonly kind: 'tuple';
  readonly items: readonly PythonLiteral[];
}
export interface ListLiteral {
  readonly kind: 'list';
  readonly items: readonly PythonLiteral[];
}
export interface DictLiteral {
  readonly kind: 'dict';
  readonly entries: ReadonlyMap<PythonLiteral, PythonLiteral>;
}
/** A Python literal. Integers are bigints, because a header may spell any size; callers that need a number check the range. */
export type PythonLiteral = string | bigint | boolean | null | TupleLiteral | ListLiteral | DictLiteral | OtherLiteral;

/** Returns the items of a tuple or a list; undefined for anything else. */
export function itemsOf(literal: PythonLiteral | undefined): readonly PythonLiteral[] | undefined {
  const isList =
    typeof literal === 'object' && literal !== null && (literal.kind === 'tuple' || literal.kind === 'list');
  return isList ? literal.items : undefined;
}

/** More integer keys than any header has. */
const MANY_KEYS = 64;
/** Python itself refuses more than about 200 open brackets. */
const MAX_DEPTH = 200;

const CONSTANTS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };

/**
 * Reads `text` as one Python literal.
 * @param longSuffix whether Python 2's `L` may follow a number, as NumPy allows in versions 1.0 and 2.0
 * @throws NpyError NPY_HEADER if the text is not one literal
 */
export function parsePythonLiteral(text: string, longSuffix: boolean): PythonLiteral {
  const cursor = new Cursor(text);
  if (text.includes('\0')) cursor.fail('a text without NUL');
  skipLeadingLines(cursor);
  const value = new Parser(cursor, longSuffix).literal();
  cursor.skipSpace();
  if (cursor.next !== '') cursor.fail('one literal and no more');
  return value;
}

/** Skips lines of blanks and comments before the literal. After such a line the literal's own line must not be indented. */
function skipLeadingLines(cursor: Cursor): void {
  cursor.while((c) => isIn(c, ' \t'));
  const start = cursor.at;
  cursor.skipSpace();
  // A form feed restarts the line's indentation; blanks behind it count again.
  if (cursor.at > start && isIn(cursor.text.charAt(cursor.at - 1), ' \t')) cursor.fail('a line that is not indented');
}

class Parser {
  readonly cursor: Cursor;
  readonly longSuffix: boolean;
  depth = 0;

  constructor(cursor: Cursor, longSuffix: boolean) {
    this.cursor = cursor;
    this.longSuffix = longSuffix;
  }

  literal(): PythonLiteral {
    const { cursor } = this;
    const c = cursor.next;
    if (c === '{') return this.nested(() => this.dict());
    if (c === '(') return this.nested(() => this.parentheses());
    if (c === '[') return this.nested((): PythonLiteral => ({ kind: 'list', items: this.items(']') }));
    if (cursor.take('-') || cursor.take('+')) {
      cursor.skipSpace();
      const value = this.unsigned();
      return c === '-' && typeof value === 'bigint' ? -value : value;
    }
    if (isDigit(c) || c === '.') return this.number();
    if (stringPrefix(cursor) !== undefined) {
      const { text, isBytes } = readStrings(cursor);
      return isBytes ? { kind: 'other', text } : text;
    }
    return this.constant();
  }

  number(): bigint | OtherLiteral {
    const value = readNumber(this.cursor, this.longSuffix);
    return typeof value === 'string' ? { kind: 'other', text: value } : value;
  }

  /** Reads what may follow a sign: a number, or a number in parentheses. */
  unsigned(): bigint | OtherLiteral {
    if (this.cursor.next !== '(') return this.number();
    return this.nested(() => {
      const value = this.unsigned();
      this.cursor.skipSpace();
      this.cursor.expect(')');
      return value;
    });
  }

  nested<T>(read: () => T): T {
    if (++this.depth > MAX_DEPTH) this.cursor.fail(`at most ${MAX_DEPTH} open brackets`);
    this.cursor.at++;
    this.cursor.skipSpace();
    const value = read();
    this.depth--;
    return value;
  }

  /** Calls `read` for each item up to `close`; a trailing comma is allowed. Returns whether there was any comma. */
  sequence(close: string, read: () => void): boolean {
    const { cursor } = this;
    let comma = false;
    while (!cursor.take(close)) {
      read();
      cursor.skipSpace();
      if (cursor.take(close)) break;
      cursor.expect(',', `',' or '${close}'`);
      comma = true;
      cursor.skipSpace();
    }
    return comma;
  }

  items(close: string): PythonLiteral[] {
    const items: PythonLiteral[] = [];
    this.sequence(close, () => items.push(this.literal()));
    return items;
  }

  parentheses(): PythonLiteral {
    const items: PythonLiteral[] = [];
    const comma = this.sequence(')', () => items.push(this.literal()));
    const [only] = items;
    // (x) is x; (x,) is a tuple.
    return items.length === 1 && !comma && only !== undefined ? only : { kind: 'tuple', items };
  }

  dict(): PythonLiteral {
    const { cursor } = this;
    const entries = new Map<PythonLiteral, PythonLiteral>();
    this.sequence('}', () => {
      const key = this.literal();
      if (!isHashable(key)) cursor.fail('a key that is not a list or dict');
      cursor.skipSpace();
      cursor.expect(':', "':' after a key");
      cursor.skipSpace();
      // No header has so many integer keys. V8 hashes bigints without a seed, so that they could be chosen to collide in the Map:
      // further ones become objects, which never do.
      const isOneOfMany = typeof key === 'bigint' && entries.size >= MANY_KEYS;
      entries.set(isOneOfMany ? { kind: 'other', text: String(key) } : key, this.literal());
    });
    return { kind: 'dict', entries };
  }

  constant(): boolean | null {
    const { cursor } = this;
    const start = cursor.at;
    const name = isNameStart(cursor.next) ? cursor.while(isNamePart) : '';
    if (Object.hasOwn(CONSTANTS, name)) return CONSTANTS[name] ?? null;
    cursor.at = start;
    return cursor.fail('a literal');
  }
}

/** Returns whether Python accepts a literal as the key of a dict. */
function isHashable(key: PythonLiteral): boolean {
  if (key === null || typeof key !== 'object' || key.kind === 'other') return true;
  return key.kind === 'tuple' && key.items.every(isHashable);
}
