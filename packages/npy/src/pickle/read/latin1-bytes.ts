// Bytes in the form of latin-1 text: Python 2's str, in which its pickles hold bytes.
import type { ReadContext } from '../pickle-error.ts';

/** Returns bytes, given as such or as Python 2's text; undefined for anything else. */
export function latin1Data(value: unknown, { charge }: ReadContext): Uint8Array | undefined {
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
