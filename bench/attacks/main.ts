// npm run attacks [-- --only NAME] [--before ROOT] [--runs N]: prints a row for each attack, with its figure against these sources and,
// beside it, against another checkout. ../README.md tells how to read it.
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type Explanation, parseOrExplain, printExplanation } from '../../scripts/command-line.mjs';
import { userEnvironment } from '../child.ts';
import { digits } from '../report.ts';
import { median } from '../rounds.ts';
import { ROOT } from '../tree.ts';
import { attacks } from './all.ts';
import type { Attack } from './attack.ts';

/** An attack is given up after this time. Some never end against sources that do not withstand them. */
const PATIENCE_MS = 240_000;

interface Options {
  readonly only: string;
  readonly before: string | undefined;
  readonly runs: number;
}

const USAGE = `npm run attacks -- [options]

  --only NAME    the attacks that have NAME in their name (all)
  --before ROOT  the same attacks also against another checkout, in which npm run setup has been run
  --runs N       N runs of each; the median counts (1)
  --help         this`;

const options = parseOrExplain(process.argv.slice(2), USAGE, (args): Options => {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', default: '' },
      before: { type: 'string' },
      runs: { type: 'string', default: '1' },
    },
  });
  const runs = Number(values.runs);
  if (!Number.isInteger(runs) || runs < 1)
    throw new Error(`--runs must be a whole number, 1 or more, not '${values.runs}'`);
  return { only: values.only, before: values.before && resolve(values.before), runs };
});
if ('text' in options) printExplanation(options as Explanation);
else await run(options);

async function run({ only, before, runs }: Options): Promise<void> {
  const wanted = attacks.filter(({ name }) => name.toLowerCase().includes(only.toLowerCase()));
  if (wanted.length === 0) {
    console.error(`nothing has '${only}' in its name`);
    process.exitCode = 2;
    return;
  }
  console.log('| attack | figure | before | now | bound | met |\n| --- | --- | --- | --- | --- | --- |');
  let missed = 0;
  for (const attack of wanted) {
    const { name, unit, bound } = attack;
    const was = before === undefined ? '' : (await figureOf(attack, before, runs)).shown;
    const { shown, value } = await figureOf(attack, ROOT, runs);
    const met = 'atMost' in bound ? value <= bound.atMost : value >= bound.atLeast;
    if (!met) missed += 1;
    const wants = 'atMost' in bound ? `≤ ${digits(bound.atMost)}` : `≥ ${digits(bound.atLeast)}`;
    console.log(`| ${[name, unit, was, shown, wants, met ? 'yes' : 'no'].join(' | ')} |`);
  }
  console.error(`${wanted.length - missed} of ${wanted.length} bounds met`);
  process.exitCode = missed > 0 ? 1 : 0;
}

/** Returns the median of some runs. Each has a process of its own, which some attacks end. */
async function figureOf({ name }: Attack, root: string, runs: number): Promise<{ shown: string; value: number }> {
  const values: number[] = [];
  for (let run = 0; run < runs; run++) {
    const args = [...process.execArgv, fileURLToPath(new URL('one.ts', import.meta.url)), name, root];
    try {
      const limits = { timeout: PATIENCE_MS, killSignal: 'SIGKILL', maxBuffer: 2 ** 28 } as const;
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
        env: userEnvironment(),
        ...limits,
      });
      if (stderr) console.error(stderr.slice(-2000));
      values.push(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '').value);
    } catch (error) {
      const { killed, signal, code, stderr } = error as {
        killed?: boolean;
        signal?: string;
        code?: number;
        stderr?: string;
      };
      if (stderr) console.error(stderr.slice(-2000));
      const end = killed ? `no end in ${PATIENCE_MS / 1000} s` : `ended by ${signal ?? `exit code ${code}`}`;
      return { shown: end, value: Number.NaN };
    }
  }
  const value = median(values);
  return { shown: digits(value), value };
}
