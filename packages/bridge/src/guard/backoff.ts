// The pause before a replica is tried again that failed several times in a row. It doubles up to a limit, and is spread at random,
// so that many hosts that lost one model do not come back in step.

const FIRST_MS = 20;
const LONGEST_MS = 1000;

/**
 * @param failures in a row, from 1
 * @param random 0 to 1
 * @returns milliseconds: half of the doubled step to all of it
 */
export function backoffMs(failures: number, random: number): number {
  return Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1)) * (0.5 + random / 2);
}
