// What callers hand over, held against what it may be before anything is opened or taken.

import { describeValue, isRevoked } from './describe-value.ts';
import { plain, quoted } from './quoted.ts';
import { isTransportError, TransportError, type TransportErrorCode } from './transport-error.ts';

/** An option or argument that is not what it may be. */
export function optionError(
  option: string,
  expected: string,
  actual: unknown,
  code: TransportErrorCode = 'TRANSPORT_BAD_OPTION',
): TransportError {
  return new TransportError(code, `${option} must be ${expected}, got ${describeValue(actual)}`, {
    option,
    expected,
    actual: kept(actual),
  });
}

/** What was asked of a value by name. */
export type Properties = Readonly<Record<string, unknown>>;

const NONE: Properties = {};

/** Characters of a stranger's short text in a message. */
const SHOWN_CHARACTERS = 40;

/**
 * What `look` finds at a value of a caller's, which may have a getter, or be a proxy, that throws at whoever looks.
 * @throws TransportError TRANSPORT_BAD_OPTION, or `code`; what `look` throws of this package's errors
 */
export function looked<T>(option: string, look: () => T, code: TransportErrorCode = 'TRANSPORT_BAD_OPTION'): T {
  try {
    return look();
  } catch (cause) {
    throw unreadable(option, cause, code);
  }
}

/** What to throw where looking at a value threw `cause`: an error of this package's says what is wrong already. */
export function unreadable(option: string, cause: unknown, code: TransportErrorCode): TransportError {
  if (isTransportError(cause)) return cause;
  return new TransportError(code, `${option} cannot be read: ${reasonOf(cause)}`, { option: plain(option) }, { cause });
}

/** What an error of any kind says, in a few words. */
function reasonOf(error: unknown): string {
  try {
    return plain(error instanceof Error ? error.message : String(error), SHOWN_CHARACTERS);
  } catch {
    return 'it says no reason';
  }
}

/**
 * What a value of any kind has under these names, each asked for once; it may have others. For what brings methods along: a
 * framing, a carrier.
 * @throws TransportError TRANSPORT_BAD_OPTION, or `code`, where reading one of them throws
 */
export function partsOf(
  option: string,
  value: unknown,
  names: readonly string[],
  code?: TransportErrorCode,
): Properties {
  if (value === undefined || value === null || isRevoked(value)) return NONE;
  return looked(
    option,
    () => {
      const parts: Record<string, unknown> = {};
      for (const name of names) parts[name] = (value as Properties)[name];
      return parts;
    },
    code,
  );
}

/** What can have options by name: no list, no Map, no signal, no promise of options. */
const RECORDS: ReadonlySet<string> = new Set(['[object Object]', '[object Module]']);

function isRecord(value: unknown): value is Properties {
  if (typeof value !== 'object' || value === null || isRevoked(value)) return false;
  // Nearly all options are such an object, and a tag takes long to ask for.
  if (Object.getPrototypeOf(value) === Object.prototype && !(Symbol.toStringTag in value)) return true;
  return RECORDS.has(Object.prototype.toString.call(value));
}

/**
 * Options of which nothing is known yet but that they have no other names: a misspelt limit limits nothing. Empty where there are
 * none. Each is asked for once: what comes back is a plain object of its own.
 * @param code of what is wrong with them. Default TRANSPORT_BAD_OPTION
 * @throws TransportError
 */
export function optionsOf(
  option: string,
  value: unknown,
  names: readonly string[],
  code: TransportErrorCode = 'TRANSPORT_BAD_OPTION',
): Properties {
  if (value === undefined || value === null) return NONE;
  try {
    return optionsIn(option, value, names, code);
  } catch (cause) {
    throw unreadable(option, cause, code);
  }
}

function optionsIn(option: string, value: unknown, names: readonly string[], code: TransportErrorCode): Properties {
  if (!isRecord(value)) throw optionError(option, `an object, { ${names.join(', ')} }`, value, code);
  for (const name in value) {
    if (names.includes(name) || value[name] === undefined) continue;
    const message = `${option} has ${quoted(name, SHOWN_CHARACTERS)}, which is not known: expected ${names.join(', ')}`;
    throw new TransportError(code, message, { option: plain(`${option}.${name}`), expected: names });
  }
  const given: Record<string, unknown> = {};
  for (const name of names) {
    const each = value[name];
    if (each !== undefined) given[name] = each;
  }
  return given;
}

/** A list may say any length, and have nothing in it. */
const MOST_ITEMS = 1024;

/**
 * A list of a caller's, in memory of its own, each item asked for once.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function listOf(option: string, value: unknown, expected: string): readonly unknown[] {
  if (isRevoked(value) || !Array.isArray(value)) throw optionError(option, expected, value);
  return looked(option, () => {
    const { length } = value;
    if (length > MOST_ITEMS) throw optionError(option, `${expected}, of at most ${MOST_ITEMS}`, value);
    // By their places: what it iterates over may have no end.
    return Array.from<unknown, unknown>({ length }, (_, i) => value[i]);
  });
}

/** A signal by its methods: there are many makers of them. */
const METHODS = ['addEventListener', 'removeEventListener'];
/** Whether it is aborted is asked as well: a proxy of a signal has the methods, and throws there. */
const SIGNAL = [...METHODS, 'aborted'];

/** @throws TransportError TRANSPORT_BAD_OPTION unless `value` is a signal, or missing */
export function checkSignal(option: string, value: unknown): void {
  if (value === undefined || value === null) return;
  const properties = partsOf(option, value, SIGNAL);
  for (const name of METHODS)
    if (typeof properties[name] !== 'function') throw optionError(option, 'an AbortSignal', value);
}

/** @throws TransportError TRANSPORT_BAD_OPTION unless `value` is a function, or missing where `optional` allows it */
export function checkFunction(option: string, value: unknown, presence: 'required' | 'optional' = 'required'): void {
  if (
    (typeof value === 'function' && !isRevoked(value)) ||
    (presence === 'optional' && (value === undefined || value === null))
  )
    return;
  throw optionError(option, 'a function', value);
}

/** @throws TransportError TRANSPORT_BAD_OPTION unless `value` is missing or one of `choices` */
export function checkChoice(option: string, value: unknown, choices: readonly unknown[]): void {
  if (value === undefined || choices.includes(value)) return;
  throw optionError(option, `one of ${choices.map(describeValue).join(', ')}`, value);
}

/** A value for `detail`: itself, or the beginning of a text that may be of any length. */
export function kept(value: unknown): unknown {
  return typeof value === 'string' ? plain(value) : value;
}
