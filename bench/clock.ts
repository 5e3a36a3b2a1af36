// The clocks of a process of ours.
import type { Clock } from './comparison.ts';

/** Seconds from some moment on. */
export const now: Readonly<Record<Clock, () => number>> = {
  wall: () => performance.now() / 1000,
  cpu() {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  },
};
