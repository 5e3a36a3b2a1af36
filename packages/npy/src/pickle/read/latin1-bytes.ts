// Converts latin-1 text to bytes: Python 2's pickles hold bytes as str, which is read as text.
import type { ReadContext } from '../pickle-error.ts';

/** Returns the bytes of a value that is bytes, or latin-1 text; undefined for anything else. */
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
