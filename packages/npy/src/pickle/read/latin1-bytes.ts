// Bytes as text of one character each: what Python 2 called a str, and how its pickles hold bytes.
import type { ReadContext } from '../pickle-error.ts';

/** bytes, or the text that Python 2 had in their place; undefined for anything else. */
export function dataOf(value: unknown, { charge }: ReadContext): Uint8Array | undefined {
  if (typeof value !== 'string') return value instanceof Uint8Array ? value : undefined;
  charge(value.length);
  const bytes = new Uint8Array(value.length);
  for (let i = 0; i < value.length; i++) {
    const code = value.charCodeAt(i);
    if (code > 0xff) return undefined;
    bytes[i] = code;
  }
  return bytes;
}
