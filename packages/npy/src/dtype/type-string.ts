// Parses dtypes that are spelled as one string: `<f4`, `|S3`, `>M8[25s]`, `int32`, `d`, and comma strings such as `i4,(2,3)f4`.
// NumPy writes one spelling of each dtype, and reads every spelling that its dtype constructor accepts. Sources: numpy/core/src/multiarray/
// descriptor.c, numpy/core/_internal.py, and the answers of NumPy 1.24 and 2.4.

import { NATIVE_ORDER } from '../memory/byte-order.ts';
import { Cursor, isDigit, isLetter } from '../python/cursor.ts';
import { type PythonLiteral, parsePythonLiteral } from '../python/literal.ts';
import { codeOfAlias } from './aliases.ts';
import { canonicalNumber } from './canonical.ts';
import { isCSpace, parseInteger } from './digits.ts';
import { type DType, dtypeSized, type Field, objectType, structOf } from './dtype.ts';
import { MAX_ITEMSIZE, withShape } from './subarray.ts';
import { GENERIC, parseTimeUnit } from './time-unit.ts';

/** Returns the dtype that a string spells, which may be a subarray; undefined for an unknown spelling. */
export function parseTypeString(text: string): DType | undefined {
  return canonicalNumber(text) ?? (isCommaString(text) ? parseCommaString(text) : parseSingle(text));
}

function parseSingle(text: string): DType | undefined {
  const mark = isMark(text.charAt(0)) ? text.charAt(0) : '';
  const rest = text.slice(mark.length);
  const byteOrder = mark === '<' || mark === '>' ? mark : NATIVE_ORDER;
  const [prefix, name] = TIMES.find(([start]) => rest.startsWith(start)) ?? [];
  if (prefix !== undefined && name !== undefined) {
    const unit = parseTimeUnit(rest.slice(prefix.length));
    return unit && dtypeSized(name, { unit, byteOrder });
  }
  // A byte order may precede a one-letter code but not a name: '<i' is a dtype, and '<int32' is not.
  const isName = mark === '' || (rest.length === 1 && rest !== 'a');
  const code = (isName && codeOfAlias(rest)) || rest;
  const size = parseInteger(code.slice(1));
  return size === undefined ? undefined : parseSized(code.charAt(0), size, byteOrder, mark);
}

function parseSized(kind: string, size: number, byteOrder: '<' | '>', mark: string): DType | undefined {
  const number = canonicalNumber(byteOrder + kind + size) ?? canonicalNumber(`|${kind}${size}`);
  if (number) return number;
  const itemsize = kind === 'U' ? 4 * size : size;
  if (itemsize > MAX_ITEMSIZE) return undefined;
  if (kind === 'S' || kind === 'a') return dtypeSized('bytes', { itemsize });
  if (kind === 'U') return dtypeSized('str', { itemsize, byteOrder });
  // Without a unit, NumPy accepts any spelling of 8, as in 'M08' and 'M 8'.
  if (size === 8 && kind === 'M') return dtypeSized('datetime64', { unit: GENERIC, byteOrder });
  if (size === 8 && kind === 'm') return dtypeSized('timedelta64', { unit: GENERIC, byteOrder });
  if ((size === 4 || size === 8) && kind === 'O') return objectType;
  if (kind !== 'V') return undefined;
  const type = dtypeSized('void', { itemsize });
  // ml_dtypes gives its raw bytes a byte order, and NumPy does not. It is kept, so that the same file can be written again.
  return mark === '<' ? { ...type, byteOrder: '<' } : type;
}

const TIMES = [
  ['M8', 'datetime64'],
  ['m8', 'timedelta64'],
  ['datetime64', 'datetime64'],
  ['timedelta64', 'timedelta64'],
] as const;

function isMark(c: string): boolean {
  return c === '<' || c === '>' || c === '=' || c === '|';
}

/** Returns whether the text starts with a digit or `()`, or has a comma outside of square brackets. */
function isCommaString(text: string): boolean {
  const start = isMark(text.charAt(0)) ? 1 : 0;
  if (isDigit(text.charAt(start)) || text.startsWith('()', start)) return true;
  let depth = 0;
  for (const c of text) {
    if (c === '[') depth++;
    else if (c === ']') depth--;
    else if (c === ',' && depth === 0) return true;
  }
  return false;
}

//   string := item (blanks ',' blanks item)* blanks
//   item   := order? repeats order? name unit?        repeats := blanks '('? (digit | ',' | blank)* ')'? blanks
function parseCommaString(text: string): DType | undefined {
  const cursor = new Cursor(text);
  const fields: Field[] = [];
  let offset = 0;
  let isList = false;
  while (cursor.next !== '') {
    const type = readItem(cursor);
    if (!type) return undefined;
    fields.push({ name: `f${fields.length}`, type, offset });
    offset += type.itemsize;
    cursor.while(isCSpace);
    if (cursor.next === '') break;
    if (!cursor.take(',')) return undefined;
    cursor.while(isCSpace);
    isList = true;
  }
  if (!isList) return fields[0]?.type;
  return offset > MAX_ITEMSIZE ? undefined : structOf(fields, offset);
}

function readItem(cursor: Cursor): DType | undefined {
  const before = readMark(cursor);
  const start = cursor.at;
  cursor.while(isSpace);
  cursor.take('(');
  cursor.while((c) => isSpace(c) || c === ',' || isDigit(c));
  cursor.take(')');
  cursor.while(isSpace);
  const repeats = cursor.text.slice(start, cursor.at);
  const behind = readMark(cursor);
  if (before && behind && nativeMark(before) !== nativeMark(behind)) return undefined;
  const mark = before || behind;
  const name = cursor.while((c) => isLetter(c) || isDigit(c) || c === '.' || c === '?') + readUnit(cursor);
  const type = parseSingle((mark === '|' || nativeMark(mark) === NATIVE_ORDER ? '' : mark) + name);
  return type && repeats !== '' ? withRepeats(type, repeats) : type;
}

function readMark(cursor: Cursor): string {
  return isMark(cursor.next) ? (cursor.text[cursor.at++] ?? '') : '';
}

function readUnit(cursor: Cursor): string {
  const { text, at } = cursor;
  const end = text.indexOf(']', at) + 1;
  const unit = text.slice(at, end);
  if (
    cursor.next !== '[' ||
    ![...unit.slice(1, -1)].every((c) => isLetter(c) || isDigit(c) || c === ',' || c === '.')
  ) {
    return '';
  }
  cursor.at = Math.max(end, at);
  return unit;
}

function isSpace(c: string): boolean {
  return c === ' ';
}

function nativeMark(mark: string): string {
  return mark === '=' ? NATIVE_ORDER : mark;
}

function withRepeats(type: DType, repeats: string): DType | undefined {
  const bare = repeats.includes(',') && !repeats.includes('(') && !repeats.includes(')');
  let shape: PythonLiteral;
  try {
    shape = parsePythonLiteral(bare ? `(${repeats})` : repeats, false);
  } catch {
    return undefined;
  }
  return withShape(type, shape);
}
