// Arguments of users are checked when they are handed over, and not when they are first used. One rule for all options: an unknown name is
// refused, since a misspelt limit would limit nothing; null counts as left out.
import { describeValue } from '@bridge/transport';
import { nearestName } from '@bridge/transport/internal';
import { BridgeError } from './bridge-error.ts';

/** @throws BridgeError BRIDGE_OPTION unless `holds` */
export function checkOption(name: string, value: unknown, holds: boolean, expected: string): void {
  if (holds) return;
  throw new BridgeError('BRIDGE_OPTION', `${name} is ${describeValue(value)}: expected ${expected}`, {
    name,
    value,
    expected,
  });
}

/** The names that options may have: all of them, as the compiler makes sure. */
export type Names<T> = { readonly [K in keyof T]-?: true };

const NONE = {};

/**
 * Returns a copy of options with all names known, without those that are null or undefined; an empty object where there are no options.
 * @throws BridgeError BRIDGE_OPTION
 */
export function optionsOf<T extends object>(name: string, options: T | null | undefined, names: Names<T>): Partial<T> {
  if (options === undefined || options === null) return NONE;
  checkOption(name, options, isRecord(options), 'an object');
  for (const each in options) if (!Object.hasOwn(names, each)) throw unknownOption(name, each, Object.keys(names));
  const given: Partial<T> = {};
  for (const each in names) {
    const value = options[each];
    if (value !== undefined && value !== null) given[each] = value;
  }
  return given;
}

/** Returns whether a value can have options by name: an object other than a list, a Map, a signal or a promise. */
function isRecord(options: unknown): boolean {
  return typeof options === 'object' && RECORDS.has(Object.prototype.toString.call(options));
}

const RECORDS: ReadonlySet<string> = new Set(['[object Object]', '[object Module]']);

function unknownOption(of: string, name: string, known: readonly string[]): BridgeError {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? '' : `. Did you mean ${nearest}?`;
  const message = `${of} has ${describeValue(name)}, which is not known: expected ${known.join(', ') || 'no options'}${hint}`;
  return new BridgeError('BRIDGE_OPTION', message, {
    name,
    expected: known,
    ...(nearest !== undefined && { nearest }),
  });
}

/**
 * Returns the error for a user's function that threw `cause`.
 * @param name the value that the function was to give
 */
export function userError(name: string, cause: unknown): BridgeError {
  const why = cause instanceof Error ? cause.message : String(cause);
  return new BridgeError(
    'BRIDGE_OPTION',
    `${name} has no value, because its function threw: ${why}`,
    { name },
    { cause },
  );
}

/** @throws BridgeError BRIDGE_OPTION unless `value` is a function */
export function checkFunction(name: string, value: unknown): void {
  checkOption(name, value, typeof value === 'function', 'a function');
}

/** @throws BridgeError BRIDGE_OPTION unless `value` is milliseconds, Infinity included, or missing */
export function checkMs(name: string, value: unknown): void {
  checkOption(name, value, value === undefined || (typeof value === 'number' && value >= 0), 'milliseconds from 0 on');
}

/** @throws BridgeError BRIDGE_OPTION unless `value` is a whole number from 1 on */
export function checkCount(name: string, value: unknown): void {
  checkOption(name, value, Number.isInteger(value) && Number(value) > 0, 'a whole number from 1');
}

/** @throws BridgeError BRIDGE_OPTION unless `value` is a boolean, or missing */
export function checkFlag(name: string, value: unknown): void {
  checkOption(name, value, value === undefined || typeof value === 'boolean', 'true or false');
}

/** Returns an object's kind, as it says itself: `Map`, `Uint8Array`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
