// Writes Python literals as repr() does; literal.ts reads them.
// Source of the rules: CPython's unicode_repr. "Printable" means every Unicode category except C* and Z*, and the space.

const NON_PRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\p{Zs}]/u;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** Returns `repr(text)`: in single quotes, unless the text contains only those; unprintable characters are escaped. */
export function reprString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  let out = quote;
  for (const c of text) out += c === quote ? `\\${c}` : (ESCAPES[c] ?? (isPrintable(c) ? c : hexEscape(c)));
  return out + quote;
}

function isPrintable(c: string): boolean {
  return (c >= ' ' && c <= '~') || !NON_PRINTABLE.test(c);
}

function hexEscape(c: string): string {
  const code = c.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  if (code <= 0xff) return `\\x${hex.padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${hex.padStart(4, '0')}` : `\\U${hex.padStart(8, '0')}`;
}

/** Returns `repr(tuple)`: `()`, `(3,)`, `(2, 3)`. @param items the `repr` of each item */
export function reprTuple(items: readonly string[]): string {
  return items.length === 1 ? `(${items[0]},)` : `(${items.join(', ')})`;
}

/** Returns `repr(list)`. @param items the `repr` of each item */
export function reprList(items: readonly string[]): string {
  return `[${items.join(', ')}]`;
}

/** Returns `repr(shape)`. */
export function reprShape(shape: readonly number[]): string {
  return reprTuple(shape.map(String));
}
