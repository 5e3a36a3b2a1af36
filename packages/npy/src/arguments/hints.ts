// Hints for error messages: how to turn a value of another kind into the bytes or elements that a function expects.
import { nameOf } from '../text/quoted.ts';

/** Describes a value that is not bytes, with a hint how to get bytes from it. */
export function describeNonBytes(value: unknown): string {
  const name = ArrayBuffer.isView(value) ? 'a detached view' : nameOf(value);
  const hint = awaitHint(value) ?? hintFor(value);
  return hint ? `${name}: ${hint}` : name;
}

/** Returns a hint for a value that must be awaited first; undefined for other values. */
export function awaitHint(value: unknown): string | undefined {
  if (has(value, 'then')) return 'await it first';
  return has(value, 'arrayBuffer') ? 'await its arrayBuffer() first' : undefined;
}

function hintFor(value: unknown): string {
  if (typeof value === 'string') return 'for a path use load of @bridge/npy/node';
  if (has(value, Symbol.asyncIterator) || has(value, 'getReader')) return 'for a stream use decodeStream';
  if (Array.isArray(Object(value).shape)) return 'decode takes the bytes of a file';
  return Array.isArray(value) ? 'make a Uint8Array of it' : '';
}

function has(value: unknown, method: string | symbol): boolean {
  return typeof Object(value)[method] === 'function';
}
