// Checks of options and arguments, made before anything is opened or sent. An unknown name is rejected, because a misspelt limit would
// otherwise be ignored.

import { describeValue } from './describe-value.ts';
import { nearestName } from './nearest-name.ts';
import { plain, quoted } from './quoted.ts';
import { TransportError } from './transport-error.ts';

/** The codes of errors for an invalid option or argument. */
type OptionCode = 'TRANSPORT_BAD_OPTION' | 'TRANSPORT_BAD_ADDRESS';

/** Returns the error for an invalid option or argument. */
export function optionError(
  option: string,
  expected: string,
  actual: unknown,
  code: OptionCode = 'TRANSPORT_BAD_OPTION',
): TransportError {
  return new TransportError(code, `${option} must be ${expected}, got ${describeValue(actual)}`, {
    option,
    expected,
    actual: forDetail(actual),
  });
}

/** The properties of a value, whose types were not checked yet. */
export type Properties = Readonly<Record<string, unknown>>;

const NONE: Properties = {};

/** The most characters of an unknown name in a message. */
const SHOWN_CHARACTERS = 40;

/** Returns a value of any type as an object whose properties can be read, such as a carrier, framing or signal that the user has made. */
export function propertiesOf(value: unknown): Properties {
  // The cast is safe, because it gives every property the type `unknown`.
  return value === undefined || value === null ? NONE : (value as Properties);
}

/** The tags of objects that can be options. A list, a Map, a signal and a promise have other tags. */
const RECORDS: ReadonlySet<string> = new Set(['[object Object]', '[object Module]']);

function isRecord(value: unknown): value is Properties {
  if (typeof value !== 'object' || value === null) return false;
  // Nearly all options are a plain object, and this check is faster than that of the tag.
  if (Object.getPrototypeOf(value) === Object.prototype && !(Symbol.toStringTag in value)) return true;
  return RECORDS.has(Object.prototype.toString.call(value));
}

/**
 * Returns a copy of options without values that are null or undefined, after a check that all of their names are known. Returns an empty
 * object if the options themselves are null or undefined.
 * @param code the error's code. Default TRANSPORT_BAD_OPTION
 * @throws TransportError
 */
export function optionsOf(
  option: string,
  value: unknown,
  names: readonly string[],
  code: OptionCode = 'TRANSPORT_BAD_OPTION',
): Properties {
  if (value === undefined || value === null) return NONE;
  if (!isRecord(value)) throw optionError(option, `an object, { ${names.join(', ')} }`, value, code);
  const given: Record<string, unknown> = {};
  for (const name in value) {
    if (!names.includes(name)) throw unknownOption(option, name, names, code);
    if (value[name] !== undefined && value[name] !== null) given[name] = value[name];
  }
  return given;
}

function unknownOption(option: string, name: string, known: readonly string[], code: OptionCode): TransportError {
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? '' : `. Did you mean \`${nearest}\`?`;
  const message = `${option} has ${quoted(name, SHOWN_CHARACTERS)}, which is not known: expected ${known.join(', ')}${hint}`;
  return new TransportError(code, message, {
    option: plain(`${option}.${name}`),
    expected: known,
    ...(nearest !== undefined && { nearest }),
  });
}

/** @throws TransportError TRANSPORT_BAD_OPTION unless `value` is a list */
export function checkList(option: string, value: unknown, expected: string): asserts value is readonly unknown[] {
  if (!Array.isArray(value)) throw optionError(option, expected, value);
}

/**
 * Checks a signal by its methods, because signals may come from any library.
 * @throws TransportError TRANSPORT_BAD_OPTION unless `value` is a signal, or missing
 */
export function checkSignal(option: string, value: unknown): void {
  if (value === undefined || value === null) return;
  const { addEventListener, removeEventListener } = propertiesOf(value);
  if (typeof addEventListener !== 'function' || typeof removeEventListener !== 'function')
    throw optionError(option, 'an AbortSignal', value);
}

/** @throws TransportError TRANSPORT_BAD_OPTION unless `value` is a function, or it is missing and `presence` is `optional` */
export function checkFunction(option: string, value: unknown, presence: 'required' | 'optional' = 'required'): void {
  if (typeof value === 'function' || (presence === 'optional' && (value === undefined || value === null))) return;
  throw optionError(option, 'a function', value);
}

/** @throws TransportError TRANSPORT_BAD_OPTION unless `value` is missing or one of `choices` */
export function checkChoice(option: string, value: unknown, choices: readonly unknown[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw optionError(option, `one of ${choices.map(describeValue).join(', ')}`, value);
}

/** Returns a value for `detail`. A string is cut, because it may have any length; any other value is returned as it is. */
export function forDetail(value: unknown): unknown {
  return typeof value === 'string' ? plain(value) : value;
}
