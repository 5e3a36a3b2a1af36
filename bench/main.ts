// npm run bench [-- --only NAME] [--rounds N] [--clock cpu] [--json FILE] [--markdown FILE]
// Runs every comparison whose name contains NAME and prints a row of the table for each. README.md tells how to read it.
import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Comparison } from './comparison.ts';
import { consumed } from './contestant.ts';
import { figures } from './model/figures.ts';
import { lanes } from './model/lane.ts';
import { replicaFigures, replicas } from './model/replicas.ts';
import { throughput } from './model/throughput.ts';
import { byteswap } from './npy/byteswap.ts';
import { decoding } from './npy/decode.ts';
import { encoding } from './npy/encode.ts';
import { encodingParts } from './npy/encode-parts.ts';
import { fortran } from './npy/fortran.ts';
import { headers } from './npy/read-header.ts';
import { strided } from './npy/strided.ts';
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

const MIN_ROUNDS = 7;

const { values: args } = parseArgs({
  options: {
    only: { type: 'string', default: '' },
    rounds: { type: 'string', default: '11' },
    clock: { type: 'string', default: 'wall' },
    json: { type: 'string' },
    markdown: { type: 'string' },
  },
});
const rounds = Number(args.rounds);
if (!Number.isInteger(rounds) || rounds < MIN_ROUNDS) {
  throw new Error(`--rounds wants a number from ${MIN_ROUNDS} on, not ${args.rounds}`);
}
const { clock } = args;
if (clock !== 'wall' && clock !== 'cpu') throw new Error(`--clock is wall or cpu, not ${clock}`);

const python = process.env['BRIDGE_PYTHON'] ?? 'python3';
await using numpy = new NumPy(python);
const comparisons: readonly Comparison[] = [
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
const named = ({ name }: { readonly name: string }): boolean => name.toLowerCase().includes(args.only.toLowerCase());
const wanted = comparisons.filter(named);
const wantedFigures = [...figures(python), ...replicaFigures(python)].filter(named);
if (wanted.length + wantedFigures.length === 0) throw new Error(`no comparison has ${args.only} in its name`);

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
if (args.json !== undefined) await writeFile(args.json, json(machine, all, held));
if (args.markdown !== undefined) await writeFile(args.markdown, markdown(machine, all, held));

const targets = [...all, ...held].filter(({ met }) => met !== undefined);
const missed = targets.filter(({ met }) => !met).map(({ name }) => name);
console.error(`${targets.length - missed.length} of ${targets.length} targets met`);
for (const name of missed) console.error(`missed: ${name}`);
console.error(`(sum of all answers, so that none is left out: ${consumed()})`);
