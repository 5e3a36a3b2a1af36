// The limits of a decoder.
import { optionError, optionsOf } from '../errors/options.ts';

/** The limits of a decoder. */
export interface FrameLimits {
  /** Bytes of one message, framing excluded. The declared length meets it before memory is taken. */
  readonly maxMessageBytes: number;
}

/** One gibibyte. */
export const defaultFrameLimits: FrameLimits = { maxMessageBytes: 2 ** 30 };

const NAMES = Object.keys(defaultFrameLimits);

/**
 * Returns the limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION for a limit that is not a number from 0 on (Infinity is one), or has another name
 */
export function resolveFrameLimits(limits?: Partial<FrameLimits> | null): FrameLimits {
  const { maxMessageBytes = defaultFrameLimits.maxMessageBytes } = optionsOf('limits', limits, NAMES);
  return { maxMessageBytes: checkLimit('maxMessageBytes', maxMessageBytes) };
}

/**
 * Returns a limit that was checked: a number, Infinity included.
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function checkLimit(name: string, limit: unknown, least = 0): number {
  if (typeof limit === 'number' && limit >= least) return limit;
  throw optionError(`limits.${name}`, `a number from ${least} on`, limit);
}
