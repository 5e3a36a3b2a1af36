// What came where something else was expected, in words, and what to do with it. Nothing here throws, whatever came.
import { printable } from './quoted.ts';

/** The class of an object, and the type of everything else. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null';
  const name = typeof value === 'object' ? property(value, 'constructor', 'name') : undefined;
  return typeof name === 'string' && name !== '' ? printable(name, 40) : typeof value;
}

/** What no bytes are, and how bytes are made of it. */
export function noBytes(value: unknown): string {
  const name = ArrayBuffer.isView(value) ? 'a view on no memory' : nameOf(value);
  const hint = hintFor(value);
  return hint === '' ? name : `${name}: ${hint}`;
}

function hintFor(value: unknown): string {
  if (typeof value === 'string') return "a file's name is for load of @bridge/npy/node";
  const has = (key: string | symbol): boolean => typeof property(value, key) === 'function';
  if (has('then')) return 'await it first';
  if (has('arrayBuffer')) return 'await its arrayBuffer() first';
  if (has(Symbol.asyncIterator) || has('getReader') || has('pipe')) return 'a stream is for decodeStream';
  if (Array.isArray(property(value, 'shape'))) return 'an array already, and decode takes the bytes of a file';
  return Array.isArray(value) ? 'make a Uint8Array of it' : '';
}

/** A property of what may have none, or throw where it is read. */
function property(value: unknown, ...path: (string | symbol)[]): unknown {
  try {
    return path.reduce((found: unknown, key) => (found as Record<string | symbol, unknown> | undefined)?.[key], value);
  } catch {
    return undefined;
  }
}
