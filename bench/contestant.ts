// A contestant in this process. Every operation answers a number taken from its result, and the numbers are summed up
// where the compiler cannot see that nobody needs them: work whose result is unused might not be done at all.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { now } from './clock.ts';
import type { Contestant } from './comparison.ts';

setFlagsFromString('--expose-gc');
const gc: (options: { type: 'minor' }) => void = runInNewContext('gc');

let sum = 0;

/** A contestant that calls `operation`, which is synchronous. What others left behind is collected before, not meanwhile. */
export function inProcess(name: string, operation: () => number): Contestant {
  return {
    name,
    run(repeats, clock) {
      // The young generation alone: after a full collection optimised code is thrown away here and there, and made again.
      gc({ type: 'minor' });
      let answers = 0;
      const start = now[clock]();
      for (let i = 0; i < repeats; i++) answers += operation();
      const seconds = now[clock]() - start;
      sum += answers;
      return seconds;
    },
  };
}

/** The sum of all answers, to be printed. */
export function consumed(): number {
  return sum;
}
