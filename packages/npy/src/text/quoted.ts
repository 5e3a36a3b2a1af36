// Makes text that is not trusted (a header, the name of a field, a dtype, a file or a class) safe to print in messages and details:
// control characters, line breaks and marks that change the direction of text are escaped, and long text is cut. All such text passes
// through this file.

/** Control and format characters (C0, C1, bidirectional marks), lone surrogates, separators of lines and paragraphs. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Returns at most `maxLength` characters of the text, with unsafe characters escaped. Printable text is returned unchanged. */
export function printable(text: string, maxLength = 200): string {
  return escaped(cut(text, maxLength));
}

/** Returns the text in double quotes, printable, with quotes and backslashes escaped as in JSON. */
export function quoted(text: string, maxLength = 80): string {
  return escaped(JSON.stringify(cut(text, maxLength)));
}

/** Cuts long text, and never between the halves of a surrogate pair. */
function cut(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength - 1).replace(/[\ud800-\udbff]$/, '')}…` : text;
}

function escaped(text: string): string {
  return text.replace(UNSAFE, (c) => {
    const digits = (c.codePointAt(0) as number).toString(16);
    return digits.length > 4 ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
  });
}

/** The number of values that a detail keeps, nested ones included. A shape alone may have 64. */
const MAX_VALUES = 200;
const MAX_DEPTH = 4;

/**
 * Returns a copy of an error's detail that is safe to print. Numbers, booleans, bigints and functions are kept, text is made printable,
 * small lists and records are copied, and everything else is replaced by the name of its class.
 */
export function boundedDetail(detail: object): object {
  let left = MAX_VALUES;
  const copy = (value: unknown, depth: number): unknown => {
    if (typeof value === 'string') return printable(value);
    if (typeof value === 'bigint') return BigInt.asIntN(256, value) === value ? value : nameOf(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth < MAX_DEPTH && Array.isArray(value)) {
      return value.slice(0, left).flatMap((item) => (left-- > 0 ? [copy(item, depth + 1)] : []));
    }
    if (depth > 0 && (depth === MAX_DEPTH || value.constructor?.name !== 'Object')) return nameOf(value);
    const kept: [string, unknown][] = [];
    for (const key in value) {
      if (left-- <= 0) break;
      kept.push([printable(key), copy((value as Record<string, unknown>)[key], depth + 1)]);
    }
    return Object.fromEntries(kept);
  };
  return copy(detail, 0) as object;
}

/** Returns the name of an object's class, and `typeof` of everything else. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null';
  const name: unknown = (value as object | undefined)?.constructor?.name;
  return typeof value === 'object' && typeof name === 'string' && name !== '' ? printable(name, 40) : typeof value;
}
