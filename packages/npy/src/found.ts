// What came where something else was expected, in words, and what to do with it. Nothing here throws, whatever came: what is no
// value any more, or throws where it is read, has no name and no hint.
import { printable } from './quoted.ts';

/** The class of an object, and the type of everything else. */
export function nameOf(value: unknown): string {
  if (value === null) return 'null';
  const name = typeof value === 'object' ? safely(() => value.constructor.name) : '';
  return typeof name === 'string' && name !== '' ? printable(name, 40) : typeof value;
}

/** What no bytes are, and how bytes are made of it. */
export function noBytes(value: unknown): string {
  const name = ArrayBuffer.isView(value) ? 'a view on no memory' : nameOf(value);
  const hint = toAwait(value) ?? safely(() => hintFor(value));
  return hint ? `${name}: ${hint}` : name;
}

/** What has to be awaited before there is a value; undefined for what is one already. */
export function toAwait(value: unknown): string | undefined {
  return safely(() => {
    if (has(value, 'then')) return 'await it first';
    return has(value, 'arrayBuffer') ? 'await its arrayBuffer() first' : undefined;
  });
}

function hintFor(value: unknown): string {
  if (typeof value === 'string') return "a file's name is for load of @bridge/npy/node";
  if (has(value, Symbol.asyncIterator) || has(value, 'getReader') || has(value, 'pipe'))
    return 'a stream is for decodeStream';
  if (Array.isArray(Object(value).shape)) return 'an array already, and decode takes the bytes of a file';
  return Array.isArray(value) ? 'make a Uint8Array of it' : '';
}

function has(value: unknown, method: string | symbol): boolean {
  return typeof Object(value)[method] === 'function';
}

function safely<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
