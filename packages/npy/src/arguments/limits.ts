// Limits on input that is not trusted. Each is checked against the size that the input declares, before memory is allocated.
import { checkOptions, optionError, shown } from './options.ts';

/** Limits on the arrays that `decode` and `readHeader` accept. All are inclusive. */
export interface Limits {
  /** Characters of header text, padding and newline included. Default: 10 000, which is NumPy's limit. */
  readonly maxHeaderCharacters: number;
  /** Elements of the array. Default: 2^53 - 1. */
  readonly maxElements: number;
  /** Bytes of the array's data. Default: 2^53 - 1. */
  readonly maxBytes: number;
}

/** The limits that apply if the caller passes none. */
export const defaultLimits: Limits = {
  maxHeaderCharacters: 10_000,
  maxElements: Number.MAX_SAFE_INTEGER,
  maxBytes: Number.MAX_SAFE_INTEGER,
};

const NAMES = ['maxHeaderCharacters', 'maxElements', 'maxBytes'] as const;

/** The number of characters that a string can have in every runtime. */
const MAX_TEXT = 2 ** 28;

/**
 * Returns the limits that the caller passes, and defaults for the rest.
 * @throws NpyError NPY_OPTION if `given` is not an object or has an unknown name, NPY_LIMIT if a limit is not a number or
 *   is negative; both are the caller's fault
 */
export function resolveLimits(given?: Partial<Limits> | null): Limits {
  const checked = checkOptions(given, NAMES, 'limits');
  if (!checked) return defaultLimits;
  const resolved: { -readonly [K in keyof Limits]: number } = { ...defaultLimits };
  for (const key of NAMES) {
    const bound: unknown = checked[key];
    if (bound === undefined) continue;
    if (typeof bound !== 'number' || !(bound >= 0)) {
      throw optionError(
        `limits.${key} must be a number of 0 or more, not ${shown(bound)}`,
        { name: key, value: bound },
        'NPY_LIMIT',
      );
    }
    resolved[key] = bound;
  }
  resolved.maxHeaderCharacters = Math.min(resolved.maxHeaderCharacters, MAX_TEXT);
  return resolved;
}
