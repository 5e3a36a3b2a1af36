// The clocks of the benchmark's own processes.
import type { Clock } from './comparison.ts';

/** Returns the seconds since some fixed moment. */
export const now: Readonly<Record<Clock, () => number>> = {
  wall: () => performance.now() / 1000,
  cpu() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};
