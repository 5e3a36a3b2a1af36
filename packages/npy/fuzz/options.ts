// The command line of the fuzzer.
import { parseArgs } from 'node:util';
import { type Explanation, parseOrExplain } from '../../../scripts/command-line.mjs';
import { type Kind, kinds } from './kinds.ts';

export interface Options {
  readonly cases: number;
  /** The seed of the first case. Each case has the next seed. */
  readonly seed: number;
  readonly kind: Kind | undefined;
  /** Runs and prints a single case. */
  readonly replay: number | undefined;
  /** Runs only hostile files, without NumPy. */
  readonly hostile: boolean;
  /** The number of differences after which the run stops. */
  readonly maxDifferences: number;
}

const USAGE = `npm run fuzz -- [options]

  --cases N             how many (20000)
  --seed S              the first case's seed; the next has the next (1)
  --kind K              of one kind only: ${kinds.join(', ')} (all, mixed)
  --replay SEED         one case: what it is, both answers, the smallest that still differs; goes with --kind
  --hostile             hostile headers and pickles, without NumPy: what is thrown, how long, how much memory
  --max-differences N   after so many it stops (20)
  --python 2|1.24       which NumPy (2)
  --help                this`;

export const optionsOf = (args: readonly string[]): Options | Explanation => parseOrExplain(args, USAGE, parsed);

/** @throws Error, whose first sentence says what is wrong */
function parsed(args: string[]): Options {
  const { values } = parseArgs({
    args,
    options: {
      cases: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      kind: { type: 'string' },
      replay: { type: 'string' },
      hostile: { type: 'boolean', default: false },
      'max-differences': { type: 'string', default: '20' },
    },
  });
  const kind = kinds.find((one) => one === values.kind);
  if (values.kind !== undefined && kind === undefined) throw new Error(`'${values.kind}' is no kind of case`);
  return {
    cases: whole('cases', values.cases),
    seed: whole('seed', values.seed),
    kind,
    hostile: values.hostile,
    replay: values.replay === undefined ? undefined : whole('replay', values.replay),
    maxDifferences: whole('max-differences', values['max-differences']),
  };
}

function whole(option: string, text: string): number {
  const n = Number(text);
  if (Number.isSafeInteger(n) && n >= 0 && text.trim() !== '') return n;
  throw new Error(`--${option} wants a whole number, not '${text}'`);
}
