// What a decoder accepts: the limits in force.
import { optionError, optionsObject } from '../options.ts';

/** What a decoder accepts. */
export interface FrameLimits {
  /** Bytes of one message, framing excluded. Held against the declared length before memory is taken. */
  readonly maxMessageBytes: number;
}

/** One gibibyte. */
export const defaultFrameLimits: FrameLimits = { maxMessageBytes: 2 ** 30 };

/**
 * The limits in force: the given ones, and the defaults for the rest.
 * @throws TransportError TRANSPORT_BAD_OPTION for a bound that is no number from 0 on; Infinity is one
 */
export function resolveFrameLimits(limits?: Partial<FrameLimits> | null): FrameLimits {
  const { maxMessageBytes = defaultFrameLimits.maxMessageBytes } = optionsObject('limits', limits);
  if (typeof maxMessageBytes !== 'number' || !(maxMessageBytes >= 0)) {
    throw optionError('limits.maxMessageBytes', 'a number from 0 on', maxMessageBytes);
  }
  return { maxMessageBytes };
}
