// Makes the errors of this folder, and declares the context that functions get which make values while a pickle is read.
import type { NpyDetailByCode } from '../error-detail.ts';
import { NpyError, type NpyFault } from '../errors.ts';
import { printable } from '../text/quoted.ts';
import type { GuardedInserter } from './hash-flooding/guarded-insert.ts';

/** A function that returns an error about the opcode that is being read. */
export type Fail = (problem: string, detail?: NpyDetailByCode['NPY_PICKLE']) => NpyError;

/** The context that functions get which make values while a pickle is read. */
export interface ReadContext {
  readonly fail: Fail;
  /** Puts keys into dicts and sets. */
  readonly inserter: GuardedInserter;
  /** Counts values or bytes that are copied after they were read. @throws NpyError NPY_PICKLE if they are more than the pickle has bytes */
  charge(units: number): void;
}

/** Returns the error for a pickle that cannot be read, which is the fault of its bytes. */
export function pickleError(message: string, detail: NpyDetailByCode['NPY_PICKLE'] = {}): NpyError {
  return new NpyError('NPY_PICKLE', `npy: ${message}`, detail);
}

/** Returns the error for a value that cannot be pickled, which is the caller's fault. */
export function valueError(message: string, detail: NpyDetailByCode['NPY_VALUE'] = {}): NpyError {
  return new NpyError('NPY_VALUE', `npy: ${message}`, detail);
}

/** Returns the Python type of a value, without its content, as messages name it. */
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
 * Calls `work`, and converts the runtime's RangeError for a string, Map or array that is too large (V8's Map ends at 2^24 entries).
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
