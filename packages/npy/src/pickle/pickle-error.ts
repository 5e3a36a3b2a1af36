// How this folder says that a pickle is not one, or asks for what is not known here.
import type { NpyDetailByCode } from '../error-detail.ts';
import { NpyError, type NpyFault } from '../errors.ts';
import { printable } from '../text/quoted.ts';
import type { Keyed } from './hash-flooding/guarded-insert.ts';

/** Makes the error for whatever opcode is being read; the caller throws it. */
export type Fail = (problem: string, detail?: NpyDetailByCode['NPY_PICKLE']) => NpyError;

/** What the makers of values are handed. */
export interface ReadContext {
  readonly fail: Fail;
  /** What puts values into dicts and sets. */
  readonly keyed: Keyed;
  /** Accounts for `units` values copied beyond those read. @throws NpyError NPY_PICKLE past what honest bytes can ask for */
  charge(units: number): void;
}

/** An error in the bytes of a pickle. */
export function pickleError(message: string, detail: NpyDetailByCode['NPY_PICKLE'] = {}): NpyError {
  return new NpyError('NPY_PICKLE', `npy: ${message}`, detail);
}

/** A value that cannot be written as a pickle of the kinds known here. The caller's fault. */
export function valueError(message: string, detail: NpyDetailByCode['NPY_VALUE'] = {}): NpyError {
  return new NpyError('NPY_VALUE', `npy: ${message}`, detail);
}

/** What a value is in Python, for messages: never its content. */
export function kindOf(value: unknown): string {
  if (value === null) return 'None';
  if (Array.isArray(value)) return value.constructor === Array ? 'a list' : 'a tuple';
  if (typeof value !== 'object') return names.get(typeof value) ?? typeof value;
  const type: unknown = value.constructor;
  return typeof type === 'function' && type.name
    ? (names.get(type.name) ?? `a ${printable(String(type.name), 40)}`)
    : 'an object';
}

const names: ReadonlyMap<string, string> = new Map([
  ['undefined', 'nothing'],
  ['boolean', 'a bool'],
  ['number', 'a number'],
  ['bigint', 'an int'],
  ['string', 'a str'],
  ['StrCell', 'a str'],
  ['Uint8Array', 'bytes'],
  ['Map', 'a dict'],
  ['Set', 'a set'],
  ['PyGlobal', 'a class or function'],
]);

/**
 * Does `work`, and says in our terms that the runtime has no string, Map or array of the size that it takes (V8's Map
 * ends at 2^24 entries).
 * @throws NpyError NPY_LIMIT
 */
export function withinRuntime<T>(fault: NpyFault, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    const message = `npy: the pickle is larger than this runtime can hold: ${cause.message}`;
    throw new NpyError('NPY_LIMIT', message, {}, { cause, fault });
  }
}
