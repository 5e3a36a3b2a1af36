// The command line of the fuzzer.
import { parseArgs } from 'node:util';
import { type Kind, kinds } from './kinds.ts';

export interface Options {
  readonly cases: number;
  /** The first case's; the next has the next. */
  readonly seed: number;
  readonly kind: Kind | undefined;
  /** One case alone, shown. */
  readonly replay: number | undefined;
  /** Differences after which it is enough. */
  readonly maxDifferences: number;
}

const USAGE = `npm run fuzz -- [--cases N] [--seed S] [--python 2|1.24] [--kind ${kinds.join('|')}] [--replay SEED] [--max-differences N]`;

/** @throws Error, whose message is the usage, for anything else */
export function optionsOf(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      cases: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      kind: { type: 'string' },
      replay: { type: 'string' },
      'max-differences': { type: 'string', default: '20' },
    },
  });
  const kind = kinds.find((one) => one === values.kind);
  if (values.kind !== undefined && kind === undefined) throw new Error(USAGE);
  return {
    cases: whole(values.cases),
    seed: whole(values.seed),
    kind,
    replay: values.replay === undefined ? undefined : whole(values.replay),
    maxDifferences: whole(values['max-differences']),
  };
}

function whole(text: string): number {
  const n = Number(text);
  if (!Number.isSafeInteger(n) || n < 0 || text.trim() === '') throw new Error(USAGE);
  return n;
}
