// Contestants in this process. Every operation returns a number from its result, and the numbers are summed up, because a compiler
// may omit work whose result nobody uses.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { now } from './clock.ts';
import type { Contestant } from './comparison.ts';

setFlagsFromString('--expose-gc');
const gc: (options: { type: 'minor' }) => void = runInNewContext('gc');

let sum = 0;

/** Makes a contestant of a synchronous function. Garbage of other contestants is collected before its turn, not within it. */
export function inProcess(name: string, operation: () => number): Contestant {
  return {
    name,
    run(repeats, clock) {
      // Collects only the young generation, because a full collection may discard optimised code, which is then compiled again.
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

/** Returns the sum of all results, to be printed. */
export function consumed(): number {
  return sum;
}
