// Checks of the arguments that users pass. They are checked when they are passed, not when they are first used. The same rules hold for all
// options: an unknown name is rejected, because a misspelt limit would limit nothing, and null counts as left out.
import { describeValue } from '@bridge/transport';
import { nearestName } from '@bridge/transport/internal';
import { BridgeError } from './bridge-error.ts';

/** @throws BridgeError BRIDGE_OPTION if `holds` is false. The message has the name, the value, and what was expected */
export function checkOption(name: string, value: unknown, holds: boolean, expected: string): void {
  if (holds) return;
  throw new BridgeError('BRIDGE_OPTION', `${name} is ${describeValue(value)}: expected ${expected}`, {
    name,
    value,
    expected,
  });
}

/** The names of all options of type `T`. The compiler rejects a list with one missing. */
export type Names<T> = { readonly [K in keyof T]-?: true };

const NONE = {};

/**
 * Returns a copy of `options` without values that are null or undefined; an empty object if `options` is null or undefined.
 * @throws BridgeError BRIDGE_OPTION if `options` is not an object, or has a name that is not in `names`
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

/** Returns true if a value can have options by name: an object other than a list, a Map, a signal or a promise. */
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
 * @param name the name of the value that the function should return
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

/** @throws BridgeError BRIDGE_OPTION unless `value` is a number of milliseconds (0 or more, Infinity included), or missing */
export function checkMs(name: string, value: unknown): void {
  checkOption(name, value, value === undefined || (typeof value === 'number' && value >= 0), 'milliseconds from 0 on');
}

/** @throws BridgeError BRIDGE_OPTION unless `value` is a whole number of 1 or more */
export function checkCount(name: string, value: unknown): void {
  checkOption(name, value, Number.isInteger(value) && Number(value) > 0, 'a whole number from 1');
}

/** @throws BridgeError BRIDGE_OPTION unless `value` is a boolean, or missing */
export function checkFlag(name: string, value: unknown): void {
  checkOption(name, value, value === undefined || typeof value === 'boolean', 'true or false');
}

/** Returns the name of an object's kind: `Map`, `Uint8Array`. */
export function tagOf(value: unknown): string {
  return Object.prototype.toString.call(value).slice(8, -1);
}
