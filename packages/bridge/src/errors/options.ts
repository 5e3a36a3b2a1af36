// What users hand over, held against what it may be when it is handed over, and not when it is first used. One rule for all
// options: a name that is not known is refused, since a misspelt limit limits nothing; null is as if it were left out.
import { describeValue } from '@bridge/transport';
import { BridgeError, type BridgeErrorCode, isBridgeError } from './bridge-error.ts';
import { quoted } from './quoted.ts';

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

/**
 * Options of which nothing is known yet but that they have no other names: empty where there are none, and without those that
 * are null or undefined. Each is asked for once: what comes back is a plain object of its own.
 * @throws BridgeError BRIDGE_OPTION, also where reading one of them throws
 */
export function optionsOf<T extends object>(name: string, options: T | null | undefined, names: Names<T>): Partial<T> {
  if (options === undefined || options === null) return NONE;
  try {
    checkOption(name, options, isRecord(options), 'an object');
    for (const each in options) if (!Object.hasOwn(names, each)) throw unknownOption(name, each, Object.keys(names));
    const given: Partial<T> = {};
    for (const each in names) {
      const value = options[each];
      if (value !== undefined && value !== null) given[each] = value;
    }
    return given;
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

const NONE = {};

/** What can have options by name: no list, no Map, no signal, no promise of options. */
function isRecord(options: unknown): boolean {
  return typeof options === 'object' && !isRevoked(options) && RECORDS.has(Object.prototype.toString.call(options));
}

const RECORDS: ReadonlySet<string> = new Set(['[object Object]', '[object Module]']);

function unknownOption(of: string, name: string, known: readonly string[]): BridgeError {
  const message = `${of} has ${describeValue(name)}, which is not known: expected ${known.length > 0 ? known.join(', ') : 'none'}`;
  return new BridgeError('BRIDGE_OPTION', message, { name, expected: known });
}

/**
 * What a value of any kind has under these names, each asked for once; it may have others. For what brings methods along: a
 * carrier, a signal.
 * @throws BridgeError BRIDGE_OPTION, or `code`, where reading one of them throws
 */
export function partsOf<T extends object>(
  name: string,
  value: unknown,
  names: readonly (keyof T)[],
  code?: BridgeErrorCode,
): Partial<T> {
  if (value === undefined || value === null || isRevoked(value)) return NONE;
  try {
    const parts: Partial<T> = {};
    for (const each of names) parts[each] = (value as T)[each];
    return parts;
  } catch (cause) {
    throw unreadable(name, cause, code);
  }
}

/**
 * A list that a user handed over, in memory of its own, each item asked for once; undefined for what is no list.
 * @throws BridgeError BRIDGE_OPTION, or `code`, where reading one of them throws, or there are more than 65 536
 */
export function listOf(name: string, value: unknown, code?: BridgeErrorCode): readonly unknown[] | undefined {
  if (isRevoked(value) || !Array.isArray(value)) return undefined;
  try {
    // It may say any length, and have nothing in it.
    const { length } = value;
    checkOption(name, length, length <= MOST_ITEMS, `a list of at most ${MOST_ITEMS}`);
    // By their places: what it iterates over may have no end.
    return Array.from<unknown, unknown>({ length }, (_, i) => value[i]);
  } catch (cause) {
    throw unreadable(name, cause, code);
  }
}

const MOST_ITEMS = 65_536;

/** What to throw where looking at a user's value threw `cause`: an error of this package's says what is wrong already. */
export function unreadable(name: string, cause: unknown, code: BridgeErrorCode = 'BRIDGE_OPTION'): BridgeError {
  if (isBridgeError(cause)) return cause;
  return new BridgeError(code, `${name} cannot be read: ${reasonOf(cause)}`, { name }, { cause });
}

/** What an error of any kind says. */
function reasonOf(error: unknown): string {
  try {
    return quoted(error instanceof Error ? error.message : String(error));
  } catch {
    return 'it says no reason';
  }
}

/** Whether a value is a proxy that was revoked: whatever one does with it throws. */
export function isRevoked(value: unknown): boolean {
  try {
    // Looks through proxies, and calls nothing of theirs.
    Array.isArray(value);
    return false;
  } catch {
    return true;
  }
}

/** @throws BridgeError BRIDGE_OPTION unless `value` is a function */
export function checkFunction(name: string, value: unknown): void {
  checkOption(name, value, typeof value === 'function' && !isRevoked(value), 'a function');
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

/** An object's kind, which is what it says it is. */
export function tagOf(value: unknown): string {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return isRevoked(value) ? 'a proxy that was revoked' : 'of no kind';
  }
}
