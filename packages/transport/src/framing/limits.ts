// The limits of a decoder.
import { optionError, optionsOf } from '../errors/options.ts';

/** The limits of a decoder. */
export interface FrameLimits {
  /** The most bytes of a message, without its framing. A length is checked before memory is allocated for it. */
  readonly maxMessageBytes: number;
}

/** The default limits: one gibibyte. */
export const defaultFrameLimits: FrameLimits = { maxMessageBytes: 2 ** 30 };

const NAMES = Object.keys(defaultFrameLimits);

/**
 * Returns the limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION if a limit is not a number from 0 to Infinity, or its name is unknown
 */
export function resolveFrameLimits(limits?: Partial<FrameLimits> | null): FrameLimits {
  const { maxMessageBytes = defaultFrameLimits.maxMessageBytes } = optionsOf('limits', limits, NAMES);
  return { maxMessageBytes: checkLimit('maxMessageBytes', maxMessageBytes) };
}

/**
 * Returns a limit after a check that it is a number from `least` to Infinity.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function checkLimit(name: string, limit: unknown, least = 0): number {
  if (typeof limit === 'number' && limit >= least) return limit;
  throw optionError(`limits.${name}`, `a number from ${least} on`, limit);
}
