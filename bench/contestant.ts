// A contestant in this process. Every operation returns a number of its result, and the numbers are summed up: a compiler
// may leave work out whose result nobody uses.
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
      // Only the young generation: a full collection may discard optimised code, which is then compiled again.
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
