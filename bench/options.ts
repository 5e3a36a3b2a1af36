// The command line of the benchmarks.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Explanation, parseOrExplain } from '../scripts/command-line.mjs';
import type { Clock } from './comparison.ts';

export interface Options {
  /** Runs only comparisons whose name contains this text. */
  readonly only: string;
  /** The smallest number of rounds of a comparison. */
  readonly rounds: number;
  readonly clock: Clock;
  /** True if rows that need a Docker Engine are measured as well. */
  readonly docker: boolean;
  /** The root of another checkout, whose sources are compared with these. Then only those rows are measured. */
  readonly before: string | undefined;
}

const MIN_ROUNDS = 7;

const USAGE = `npm run bench -- [options]

  --only NAME       the comparisons that have NAME in their name (all)
  --rounds N        at least N rounds of each, ${MIN_ROUNDS} or more (11)
  --clock wall|cpu  cpu for a machine that others use as well (wall)
  --docker          also models in containers; with --system Docker may be installed and started
  --before ROOT     instead: calls, lane, decode and encode of this checkout beside those of another one
  --help            this`;

export const optionsOf = (args: readonly string[]): Options | Explanation => parseOrExplain(args, USAGE, parsed);

/** @throws Error whose first sentence says what is wrong */
function parsed(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '11' },
      clock: { type: 'string', default: 'wall' },
      docker: { type: 'boolean', default: false },
      before: { type: 'string' },
    },
  });
  const { only, clock, docker, before } = values;
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < MIN_ROUNDS) {
    throw new Error(`--rounds must be a whole number, ${MIN_ROUNDS} or more, not '${values.rounds}'`);
  }
  if (clock !== 'wall' && clock !== 'cpu') throw new Error(`--clock must be wall or cpu, not '${clock}'`);
  return { only, rounds, clock, docker, before: before && resolve(before) };
}
