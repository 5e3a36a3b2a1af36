// The command line of the benchmarks.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { type Instead, optionsOr } from '../scripts/command-line.mjs';
import type { Clock } from './comparison.ts';

export interface Options {
  /** What a comparison has in its name. */
  readonly only: string;
  /** At least so many. */
  readonly rounds: number;
  readonly clock: Clock;
  /** With the rows that take a Docker Engine. */
  readonly docker: boolean;
  /** Another checkout, whose sources are measured beside these; only those rows are run then. */
  readonly before: string | undefined;
  /** Files to write. */
  readonly json: string | undefined;
  readonly markdown: string | undefined;
}

const MIN_ROUNDS = 7;

const USAGE = `npm run bench -- [options]

  --only NAME       comparisons with that in their name (all)
  --rounds N        at least so many of each, from ${MIN_ROUNDS} on (11)
  --clock wall|cpu  cpu for a machine that others use as well (wall)
  --docker          with models in containers; --system beside it: Docker may be installed and started
  --before ROOT     instead: calls, lane, decode, encode of these sources beside those of another checkout
  --json FILE       every round, as JSON
  --markdown FILE   the table
  --help            this`;

export const optionsOf = (args: readonly string[]): Options | Instead => optionsOr(args, USAGE, parsed);

/** @throws Error, whose first sentence says what is wrong */
function parsed(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      rounds: { type: 'string', default: '11' },
      clock: { type: 'string', default: 'wall' },
      docker: { type: 'boolean', default: false },
      before: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'string' },
    },
  });
  const { only, clock, docker, before, json, markdown } = values;
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < MIN_ROUNDS) {
    throw new Error(`--rounds wants a whole number from ${MIN_ROUNDS} on, not '${values.rounds}'`);
  }
  if (clock !== 'wall' && clock !== 'cpu') throw new Error(`--clock is wall or cpu, not '${clock}'`);
  return { only, rounds, clock, docker, before: before && resolve(before), json, markdown };
}
