// The exponential backoff with jitter: the pause before a message is sent again to a replica that has failed. The pause doubles with each
// failure in a row, up to a limit. Its random part keeps many hosts that lost the same model from all connecting again at one moment.

const FIRST_MS = 20;
const LONGEST_MS = 1000;

/**
 * Returns the milliseconds of the pause: between half of the doubled step and the whole step.
 * @param failures the number of failures in a row, from 1
 * @param random a number from 0 to 1
 */
export function backoffMs(failures: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)) * (0.5 + random / 2);
}
