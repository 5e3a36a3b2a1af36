// Text that others wrote (a header, the name of a field, of a dtype, of a file, of a class in a pickle), as messages and
// details have it: no character in it moves the cursor, turns the direction of the text, breaks the line or hides, and it
// is not longer than anybody reads. All such text goes through this file.

/** Control and format characters (C0, C1, bidirectional marks), lone surrogates, separators of lines and paragraphs. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** The text with its unsafe characters escaped, of at most `most` characters. Text that was made safe stays as it is. */
export function printable(text: string, most = 200): string {
  return escaped(cut(text, most));
}

/** The text as `printable` has it, in double quotes, in which quotes and backslashes are escaped as in JSON. */
export function quoted(text: string, most = 80): string {
  return escaped(JSON.stringify(cut(text, most)));
}

/** A pair of surrogates is not cut into halves. */
function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

function escaped(text: string): string {
  return text.replace(UNSAFE, (c) => {
    const digits = (c.codePointAt(0) as number).toString(16);
    return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
  });
}

/** Values that a detail keeps, those in its lists and records included. A shape may have 64. */
const MOST_VALUES = 200;
const MOST_DEPTH = 4;

/**
 * The detail of an error. Numbers, booleans, bigints and functions are themselves, text is printable, lists and records are copied for as
 * long as they are small, and of everything else there is the name of its class.
 */
export function boundedDetail(detail: Readonly<Record<string, unknown>>): Record<string, unknown> {
  let left = MOST_VALUES;
  const copy = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return printable(value);
    if (typeof value === 'bigint') return BigInt.asIntN(256, value) === value ? value : nameOf(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth < MOST_DEPTH && Array.isArray(value)) {
      return value.slice(0, left).flatMap((item) => (left-- > 0 ? [copy(item, depth + 1)] : []));
    }
    if (depth > 0 && (depth === MOST_DEPTH || value.constructor?.name !== 'Object')) return nameOf(value);
    const kept: [string, unknown][] = [];
    for (const key in value) {
      if (left-- <= 0) break;
      kept.push([printable(key), copy((value as Record<string, unknown>)[key], depth + 1)]);
    }
    return Object.fromEntries(kept);
  };
  return copy(detail, 0) as Record<string, unknown>;
}

/** The class of an object, and the type of everything else. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null';
  const name: unknown = (value as object | undefined)?.constructor?.name;
  return typeof value === 'object' && typeof name === 'string' && name !== '' ? printable(name, 40) : typeof value;
}
