// What callers hand over, held against what it may be before anything is opened or taken.
import { TransportError } from './errors.ts';

/** An option or argument that is not what it may be. */
export function optionError(option: string, expected: string, actual: unknown): TransportError {
  return new TransportError('TRANSPORT_BAD_OPTION', `${option} must be ${expected}, got ${shown(actual)}`, {
    option,
    expected,
    actual,
  });
}

/**
 * Options as an object of which nothing is known yet: empty where there are none.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function optionsObject(option: string, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object') throw optionError(option, 'an object', value);
  // Any object may be asked for any name.
  return value as Readonly<Record<string, unknown>>;
}

/** @throws TransportError TRANSPORT_BAD_OPTION unless `value` is a function, or missing where `optional` allows it */
export function checkFunction(option: string, value: unknown, presence: 'required' | 'optional' = 'required'): void {
  if (typeof value === 'function' || (presence === 'optional' && (value === undefined || value === null))) return;
  throw optionError(option, 'a function', value);
}

/** @throws TransportError TRANSPORT_BAD_OPTION unless `value` is missing or one of `choices` */
export function checkChoice(option: string, value: unknown, choices: readonly unknown[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw optionError(option, `one of ${choices.map(shown).join(', ')}`, value);
}

const SHOWN_CHARACTERS = 40;

/** A value of any kind in a few words. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, SHOWN_CHARACTERS));
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return String(value);
  return Array.isArray(value) ? 'a list' : `an object (${Object.prototype.toString.call(value).slice(8, -1)})`;
}
