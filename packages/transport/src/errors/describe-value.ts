// Values that a program handed over, in words.
import { plain, quoted } from './quoted.ts';

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

const SHOWN_CHARACTERS = 60;

/**
 * A value of any kind in a few words, for the message of an error about an option or argument: a text in double quotes, cut after 60
 * characters (UTF-16 code units) and with what acts on a terminal escaped; a list of up to eight numbers, texts and the like as it is written;
 * `an object (Map)`, `a function`. Never throws, whatever getters or proxies the value has.
 *
 * @example
 * throw new RangeError(`port must be a whole number, got ${describeValue(port)}`);
 */
export function describeValue(value: unknown): string {
  if (typeof value === 'string') return quoted(value, SHOWN_CHARACTERS);
  if (isRevoked(value)) return 'a proxy that was revoked';
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return plain(String(value), SHOWN_CHARACTERS);
  return Array.isArray(value) ? shownList(value) : `an object (${plain(kindOf(value), SHOWN_CHARACTERS)})`;
}

const SHOWN_ITEMS = 8;

/** A short list of numbers, texts and the like as it is written, and no more of any other. */
function shownList(list: readonly unknown[]): string {
  try {
    const { length } = list;
    if (length === 0) return 'an empty list';
    if (length > SHOWN_ITEMS) return 'a list';
    // By their places: what it iterates over may have no end.
    const items = Array.from({ length }, (_, i) => list[i]);
    if (items.some((item) => typeof item === 'function' || (typeof item === 'object' && item !== null)))
      return 'a list';
    return `[${items.map(describeValue).join(', ')}]`;
  } catch {
    // A proxy that throws at whoever reads it.
    return 'a list';
  }
}

/** An object's kind, which is what it says it is, and may be anything. */
function kindOf(value: object): string {
  try {
    return Object.prototype.toString.call(value).slice(8, -1);
  } catch {
    return 'of no kind';
  }
}
