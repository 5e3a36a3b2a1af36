// What a decoder accepts: the limits in force.
import { optionError, optionsOf } from '../errors/options.ts';

/** What a decoder accepts. */
export interface FrameLimits {
  /** Bytes of one message, framing excluded. Held against the declared length before memory is taken. */
  readonly maxMessageBytes: number;
}

/** One gibibyte. */
export const defaultFrameLimits: FrameLimits = { maxMessageBytes: 2 ** 30 };

const NAMES = Object.keys(defaultFrameLimits);

/**
 * The limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION for a bound that is no number from 0 on (Infinity is one), or has another name
 */
export function resolveFrameLimits(limits?: Partial<FrameLimits> | null): FrameLimits {
  const { maxMessageBytes = defaultFrameLimits.maxMessageBytes } = optionsOf('limits', limits, NAMES);
  return { maxMessageBytes: checkLimit('maxMessageBytes', maxMessageBytes) };
}

/**
 * A bound by its name: a number, Infinity included.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function checkLimit(name: string, limit: unknown, least = 0): number {
  if (typeof limit === 'number' && limit >= least) return limit;
  throw optionError(`limits.${name}`, `a number from ${least} on`, limit);
}
