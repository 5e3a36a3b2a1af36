// npm run bench [-- --only NAME] [--rounds N] [--clock cpu] [--docker] [--before ROOT]
// Runs every comparison whose name contains NAME and prints its rows of the table. README.md tells how to read them.
import { printExplanation } from '../scripts/command-line.mjs';
import { hostsBefore } from './before/hosts.ts';
import { npyBefore } from './before/npy.ts';
import type { Comparison } from './comparison.ts';
import { consumed } from './contestant.ts';
import type { Figure } from './figure.ts';
import { figures } from './model/figures.ts';
import { lanes } from './model/lane.ts';
import { replicaFigures, replicas } from './model/replicas.ts';
import { containerRestart, processRestart } from './model/restart.ts';
import { throughput } from './model/throughput.ts';
import { ways } from './model/ways.ts';
import { byteswap } from './npy/byteswap.ts';
import { decoding } from './npy/decode.ts';
import { encoding } from './npy/encode.ts';
import { encodingParts } from './npy/encode-parts.ts';
import { fortran } from './npy/fortran.ts';
import { headers } from './npy/read-header.ts';
import { strided } from './npy/strided.ts';
import { type Options, optionsOf } from './options.ts';
import { NumPy } from './python/numpy.ts';
import { FIGURES_HEAD, figureRow, machineLine, rowOf, TABLE_HEAD } from './report.ts';
import { hold, measure } from './rounds.ts';
import { type Tree, treeAt } from './tree.ts';

/** A row with a target, or without one. */
interface Told {
  readonly name: string;
  readonly met?: boolean | undefined;
}

const options = optionsOf(process.argv.slice(2));
if ('text' in options) printExplanation(options);
else await run(options);

async function run({ only, rounds, clock, docker, before }: Options): Promise<void> {
  const python = process.env['BRIDGE_PYTHON'] ?? 'python3';
  await using numpy = new NumPy(python);
  const comparisons = before === undefined ? ourRows(python, numpy) : rowsBefore(python, treeAt(before));
  const named = ({ name }: { readonly name: string }): boolean => name.toLowerCase().includes(only.toLowerCase());
  const inContainers = { comparisons: ways.filter(named), figures: [containerRestart].filter(named) };
  const leftOut = docker || before !== undefined ? 0 : inContainers.comparisons.length + inContainers.figures.length;
  if (leftOut > 0) console.error(`${leftOut} rows with containers are left out: --docker measures them, too`);
  const wanted = [...comparisons.filter(named), ...(docker ? inContainers.comparisons : [])];
  const wantedFigures = [
    ...(before === undefined ? ourFigures(python) : []).filter(named),
    ...(docker ? inContainers.figures : []),
  ];
  if (wanted.length + wantedFigures.length + leftOut === 0) {
    console.error(`nothing has '${only}' in its name`);
    process.exitCode = 2;
    return;
  }

  console.log(`${machineLine(await numpy.version(), clock)}\n`);
  const told: Told[] = [];
  if (wanted.length > 0) console.log(TABLE_HEAD);
  for (const comparison of wanted) {
    const contest = await comparison.prepare();
    try {
      const { turn, clock: onlyClock = clock } = comparison;
      for (const each of await measure(contest, { minRounds: rounds, clock: onlyClock, turn })) {
        const row = rowOf(comparison, contest.ours.name, each);
        told.push(row);
        console.log(row.text);
      }
    } finally {
      await contest[Symbol.asyncDispose]?.();
    }
  }
  if (wantedFigures.length > 0) console.log(`\n${FIGURES_HEAD}`);
  for (const figure of wantedFigures) {
    const held = await hold(figure);
    told.push(held);
    console.log(figureRow(held));
  }

  const targets = told.filter(({ met }) => met !== undefined);
  const missed = targets.filter(({ met }) => !met).map(({ name }) => name);
  console.error(`${targets.length - missed.length} of ${targets.length} targets met`);
  for (const name of missed) console.error(`missed: ${name}`);
  console.error(`(sum of all results, printed so that no compiler may leave work out: ${consumed()})`);
}

function ourRows(python: string, numpy: NumPy): readonly Comparison[] {
  return [
    ...headers,
    ...decoding(numpy),
    ...encodingParts(numpy),
    ...encoding,
    ...fortran,
    ...byteswap,
    ...strided,
    ...throughput(python),
    ...lanes(python),
    ...replicas(python),
  ];
}

function ourFigures(python: string): readonly Figure[] {
  return [...figures(python), ...replicaFigures(python), processRestart(python)];
}

function rowsBefore(python: string, before: Tree): readonly Comparison[] {
  return [...npyBefore(before), ...hostsBefore(python, before)];
}
