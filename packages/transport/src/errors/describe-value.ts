// Describes values in error messages: `an object (Map)`.
import { plain, quoted } from './quoted.ts';

const SHOWN_CHARACTERS = 60;
const SHOWN_ITEMS = 8;

/**
 * Describes a value in a few words, for the message of an error about an option or argument. A string is in double quotes, cut after 60
 * characters (UTF-16 code units), with control characters escaped. A list of up to eight primitive values is written out, and a longer one
 * is `a list`. Other values are described like `an object (Map)` or `a function`.
 *
 * @example
 * throw new RangeError(`port must be a whole number, got ${describeValue(port)}`);
 */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return quoted(value, SHOWN_CHARACTERS);
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return plain(String(value), SHOWN_CHARACTERS);
  if (Array.isArray(value)) return describeList(value);
  const kind = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return `an object (${plain(kind, SHOWN_CHARACTERS)})`;
}

function describeList(list: readonly unknown[]): string {
  if (list.length === 0) return 'an empty list';
  const isShort = list.length <= SHOWN_ITEMS;
  const isFlat =
    isShort && !list.some((item) => typeof item === 'function' || (typeof item === 'object' && item !== null));
  return isFlat ? `[${list.map(describeValue).join(', ')}]` : 'a list';
}
