// What a decoder accepts: the limits in force.
import { optionError, optionsOf } from '../options.ts';

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
 * @param names what else may be among them; by default nothing
 * @throws TransportError TRANSPORT_BAD_OPTION for a bound that is no number from 0 on (Infinity is one), or has another name
 */
export function resolveFrameLimits(
  limits?: Partial<FrameLimits> | null,
  names: readonly string[] = NAMES,
): FrameLimits {
  const { maxMessageBytes = defaultFrameLimits.maxMessageBytes } = optionsOf('limits', limits, names);
  if (typeof maxMessageBytes !== 'number' || !(maxMessageBytes >= 0)) {
    throw optionError('limits.maxMessageBytes', 'a number from 0 on', maxMessageBytes);
  }
  return { maxMessageBytes };
}
