// npm run bench [-- --only NAME] [--rounds N] [--clock cpu] [--docker] [--before ROOT] [--json FILE] [--markdown FILE]
// Runs every comparison whose name contains NAME and prints a row of the table for each. README.md tells how to read it.
import { writeFile } from 'node:fs/promises';
import { sayInstead } from '../scripts/command-line.mjs';
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
import {
  FIGURES_HEAD,
  figureRow,
  type HeldFigure,
  json,
  type Measured,
  markdown,
  summary,
  TABLE_HEAD,
  tableRow,
  thisMachine,
} from './report.ts';
import { hold, measure } from './rounds.ts';
import { type Tree, treeAt } from './tree.ts';

const options = optionsOf(process.argv.slice(2));
if ('say' in options) sayInstead(options);
else await run(options);

async function run({ only, rounds, clock, docker, before, ...files }: Options): Promise<void> {
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

  const machine = thisMachine(await numpy.version(), clock);
  const all: Measured[] = [];
  if (wanted.length > 0) console.log(TABLE_HEAD);
  for (const comparison of wanted) {
    const pair = await comparison.prepare();
    try {
      const measured = summary(
        comparison,
        pair,
        await measure(pair, { minRounds: rounds, clock: comparison.clock ?? clock, turn: comparison.turn }),
      );
      all.push(measured);
      console.log(tableRow(measured));
    } finally {
      await pair[Symbol.asyncDispose]?.();
    }
  }
  const held: HeldFigure[] = [];
  if (wantedFigures.length > 0) console.log(`\n${FIGURES_HEAD}`);
  for (const figure of wantedFigures) {
    const taken = await hold(figure);
    held.push(taken);
    console.log(figureRow(taken));
  }
  if (files.json !== undefined) await writeFile(files.json, json(machine, all, held));
  if (files.markdown !== undefined) await writeFile(files.markdown, markdown(machine, all, held));

  const targets = [...all, ...held].filter(({ met }) => met !== undefined);
  const missed = targets.filter(({ met }) => !met).map(({ name }) => name);
  console.error(`${targets.length - missed.length} of ${targets.length} targets met`);
  for (const name of missed) console.error(`missed: ${name}`);
  console.error(`(sum of all answers, so that none is left out: ${consumed()})`);
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
