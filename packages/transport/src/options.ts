// What callers hand over, held against what it may be before anything is opened or taken.
import { TransportError } from './errors.ts';
import { plain, quoted } from './quoted.ts';

/** An option or argument that is not what it may be. */
export function optionError(option: string, expected: string, actual: unknown): TransportError {
  return new TransportError('TRANSPORT_BAD_OPTION', `${option} must be ${expected}, got ${shown(actual)}`, {
    option,
    expected,
    actual: kept(actual),
  });
}

type Properties = Readonly<Record<string, unknown>>;

const NONE: Properties = {};

/** What a value of any kind may be asked for by name: nothing where it has nothing, or is a proxy that was revoked. */
export function propertiesOf(value: unknown): Properties {
  // Any object may be asked for any name.
  return value === undefined || value === null || isRevoked(value) ? NONE : (value as Properties);
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

/**
 * Options as an object of which nothing is known yet: empty where there are none.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function optionsObject(option: string, value: unknown): Properties {
  if (value === undefined || value === null) return NONE;
  if (typeof value !== 'object' || isRevoked(value)) throw optionError(option, 'an object', value);
  return value as Properties;
}

/**
 * The same where other names than `names` are refused: a misspelt limit limits nothing.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function optionsOf(option: string, value: unknown, names: readonly string[]): Properties {
  const properties = optionsObject(option, value);
  if (Array.isArray(properties) || properties instanceof Map) throw optionError(option, 'an object', value);
  for (const name in properties) {
    if (names.includes(name) || properties[name] === undefined) continue;
    const message = `${option} has ${quoted(name, SHOWN_CHARACTERS)}, which is not known: expected ${names.join(', ')}`;
    throw new TransportError('TRANSPORT_BAD_OPTION', message, {
      option: plain(`${option}.${name}`),
      expected: names,
      actual: kept(properties[name]),
    });
  }
  return properties;
}

/** A signal by its methods: there are many makers of them. */
const SIGNAL = ['addEventListener', 'removeEventListener'];

/** @throws TransportError TRANSPORT_BAD_OPTION unless `value` is a signal, or missing */
export function checkSignal(option: string, value: unknown): void {
  if (value === undefined || value === null) return;
  const properties = propertiesOf(value);
  for (const name of SIGNAL)
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
  throw optionError(option, `one of ${choices.map(shown).join(', ')}`, value);
}

const SHOWN_CHARACTERS = 40;

/** A value of any kind in a few words. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return quoted(value, SHOWN_CHARACTERS);
  if (isRevoked(value)) return 'a proxy that was revoked';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return plain(String(value), SHOWN_CHARACTERS);
  return Array.isArray(value) ? 'a list' : `an object (${plain(kindOf(value), SHOWN_CHARACTERS)})`;
}

/** An object's kind, which is what it says it is, and may be anything. */
function kindOf(value: object): string {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return 'of no kind';
  }
}

/** A value for `detail`: itself, or the beginning of a text that may be of any length. */
export function kept(value: unknown): unknown {
  return typeof value === 'string' ? plain(value) : value;
}
