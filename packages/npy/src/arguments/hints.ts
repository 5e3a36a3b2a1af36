// What to do with a value that came where bytes or elements were expected.
import { nameOf } from '../text/quoted.ts';

/** What no bytes are, and how bytes are made of it. */
export function noBytes(value: unknown): string {
  const name = ArrayBuffer.isView(value) ? 'a view on no memory' : nameOf(value);
  const hint = toAwait(value) ?? hintFor(value);
  return hint ? `${name}: ${hint}` : name;
}

/** What has to be awaited before there is a value; undefined for what is one already. */
export function toAwait(value: unknown): string | undefined {
  if (has(value, 'then')) return 'await it first';
  return has(value, 'arrayBuffer') ? 'await its arrayBuffer() first' : undefined;
}

function hintFor(value: unknown): string {
  if (typeof value === 'string') return 'a name is for load of @bridge/npy/node';
  if (has(value, Symbol.asyncIterator) || has(value, 'getReader')) return 'a stream is for decodeStream';
  if (Array.isArray(Object(value).shape)) return 'decode takes the bytes of a file';
  return Array.isArray(value) ? 'make a Uint8Array of it' : '';
}

function has(value: unknown, method: string | symbol): boolean {
  return typeof Object(value)[method] === 'function';
}
