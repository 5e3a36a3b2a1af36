// What users hand over, held against what it may be when it is handed over, and not when it is first used.
import { BridgeError } from './errors.ts';

/** @throws BridgeError BRIDGE_OPTION unless `holds` */
export function checkOption(name: string, value: unknown, holds: boolean, expected: string): void {
  if (holds) return;
  throw new BridgeError('BRIDGE_OPTION', `${name} is ${shown(value)}: expected ${expected}`, { name, value, expected });
}

/**
 * Options of which nothing is known yet: empty where there are none.
 * @throws BridgeError BRIDGE_OPTION
 */
export function optionsOf<T extends object>(name: string, options: T | null | undefined): Partial<T> {
  const given = options ?? NONE;
  checkOption(name, options, typeof given === 'object' && !isRevoked(given), 'an object');
  // What is not there may be asked for by any name.
  return given as Partial<T>;
}

const NONE = {};

/** What a value of any kind may be asked for by name: nothing where it has nothing, or is a proxy that was revoked. */
export function propertiesOf<T extends object>(value: unknown): Partial<T> {
  return value === undefined || value === null || isRevoked(value) ? NONE : value;
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

const SHOWN_CHARACTERS = 60;

/** A value of any kind in a few words. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN_CHARACTERS));
  if (isRevoked(value)) return 'a proxy that was revoked';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
}
