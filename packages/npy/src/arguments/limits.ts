// What a reader will take from bytes it does not trust. Every limit is held against the declared size,
// before any memory is asked for.
import { checkOptions, optionError, shown } from './options.ts';

/** Bounds on what `decode` and `readHeader` accept. All are inclusive. */
export interface Limits {
  /** Characters of header text, padding and newline included. NumPy's own bound, and the default: 10 000. */
  readonly maxHeaderCharacters: number;
  /** Elements of the array. Default: 2^53 - 1. */
  readonly maxElements: number;
  /** Bytes of the array's data. Default: 2^53 - 1. */
  readonly maxBytes: number;
}

export const defaultLimits: Limits = {
  maxHeaderCharacters: 10_000,
  maxElements: Number.MAX_SAFE_INTEGER,
  maxBytes: Number.MAX_SAFE_INTEGER,
};

const NAMES = ['maxHeaderCharacters', 'maxElements', 'maxBytes'] as const;

/** No JavaScript string is longer than this in any runtime. */
const MAX_TEXT = 2 ** 28;

/**
 * The limits in force: the given ones, and the defaults for the rest.
 * @throws NpyError NPY_OPTION for what are no limits, or none of these names; NPY_LIMIT for a bound that is no number or negative; the caller's fault
 */
export function resolveLimits(given?: Partial<Limits> | null): Limits {
  const checked = checkOptions(given, NAMES, 'limits');
  if (!checked) return defaultLimits;
  const resolved: { -readonly [K in keyof Limits]: number } = { ...defaultLimits };
  for (const key of NAMES) {
    const bound: unknown = checked[key];
    if (bound === undefined) continue;
    if (typeof bound !== 'number' || !(bound >= 0)) {
      throw optionError(`limits.${key} must be a number from 0 on, not ${shown(bound)}`, { [key]: bound }, 'NPY_LIMIT');
    }
    resolved[key] = bound;
  }
  resolved.maxHeaderCharacters = Math.min(resolved.maxHeaderCharacters, MAX_TEXT);
  return resolved;
}
