// The clocks of our own processes.
import type { Clock } from './comparison.ts';

/** Seconds since some fixed moment. */
export const now: Readonly<Record<Clock, () => number>> = {
  wall: () => performance.now() / 1000,
  cpu() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};
