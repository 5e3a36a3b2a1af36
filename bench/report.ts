// What was measured, for a reader (a Markdown table) and for a program (JSON with every round).
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Clock, Comparison, Pair, Target } from './comparison.ts';
import { median, type Round } from './rounds.ts';

/** Where and when. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  /** Processes that wanted a core when the run began, this one left out or nearly so. */
  readonly load: number;
  readonly clock: Clock;
  readonly node: string;
  readonly numpy: string;
  readonly date: string;
}

export interface Measured {
  readonly name: string;
  readonly ours: string;
  readonly theirs: string;
  /** Seconds an operation, medians over the rounds. */
  readonly oursSeconds: number;
  readonly theirsSeconds: number;
  /** How many times as fast ours was: over the rounds, each of which has its own. */
  readonly ratio: { readonly median: number; readonly min: number; readonly max: number };
  readonly target?: Target;
  readonly met?: boolean;
  readonly rounds: readonly Round[];
}

export interface HeldFigure {
  readonly name: string;
  readonly unit: string;
  readonly atMost?: number;
  readonly value: number;
  /** Of all runs. */
  readonly most: number;
  readonly control: number;
  readonly met?: boolean;
}

export function thisMachine(numpy: string, clock: Clock): Machine {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    load: loadavg()[0] ?? Number.NaN,
    clock,
    node: process.version,
    numpy,
    date: new Date().toISOString(),
  };
}

export function summary({ name, target }: Comparison, { ours, theirs }: Pair, rounds: readonly Round[]): Measured {
  const ratios = rounds.map(({ ratio }) => ratio);
  const ratio = { median: median(ratios), min: Math.min(...ratios), max: Math.max(...ratios) };
  const oursSeconds = median(rounds.map((round) => round.ours));
  const theirsSeconds = median(rounds.map((round) => round.theirs));
  const measured = { name, ours: ours.name, theirs: theirs.name, oursSeconds, theirsSeconds, ratio, rounds };
  if (target === undefined) return measured;
  const met = 'timesAsFast' in target ? ratio.median >= target.timesAsFast : oursSeconds <= target.seconds;
  return { ...measured, target, met };
}

export const TABLE_HEAD =
  '| comparison | ours | theirs | times as fast: median (min to max) | target | met |\n| --- | --- | --- | --- | --- | --- |';

export function tableRow({ name, ours, theirs, oursSeconds, theirsSeconds, ratio, target, met }: Measured): string {
  const cells = [
    name,
    `${ours} ${duration(oursSeconds)}`,
    `${theirs} ${duration(theirsSeconds)}`,
    `${digits(ratio.median)} (${digits(ratio.min)} to ${digits(ratio.max)})`,
    target === undefined
      ? ''
      : 'seconds' in target
        ? `≤ ${duration(target.seconds)}`
        : `≥ ${digits(target.timesAsFast)}`,
    met === undefined ? '' : met ? 'yes' : 'no',
  ];
  return `| ${cells.join(' | ')} |`;
}

export const FIGURES_HEAD =
  '| figure (its control) | median of runs | most | control | at most | met |\n| --- | --- | --- | --- | --- | --- |';

export function figureRow({ name, unit, atMost, value, most, control, met }: HeldFigure): string {
  const measured = [value, most, control].map((each) => `${digits(each)} ${unit}`);
  const held = atMost === undefined ? ['', ''] : [`${digits(atMost)} ${unit}`, met ? 'yes' : 'no'];
  return `| ${[name, ...measured, ...held].join(' | ')} |`;
}

export function markdown(machine: Machine, all: readonly Measured[], held: readonly HeldFigure[]): string {
  const { cpu, cores, load, clock, node, numpy, date } = machine;
  const tables: string[] = [];
  if (all.length > 0) {
    const rounds = Math.min(...all.map((measured) => measured.rounds.length));
    tables.push(`At least ${rounds} rounds.\n\n${TABLE_HEAD}\n${all.map(tableRow).join('\n')}\n`);
  }
  if (held.length > 0) tables.push(`${FIGURES_HEAD}\n${held.map(figureRow).join('\n')}\n`);
  const where = `${cpu}, ${cores} cores, load ${digits(load)}, ${clock} clock; Node ${node}; NumPy ${numpy}; ${date.slice(0, 10)}.`;
  return `${where}\n${tables.join('\n')}`;
}

export function json(machine: Machine, all: readonly Measured[], held: readonly HeldFigure[]): string {
  return `${JSON.stringify({ machine, comparisons: all, figures: held }, undefined, 2)}\n`;
}

function duration(seconds: number): string {
  if (seconds < 1e-3) return `${digits(seconds * 1e6)} µs`;
  return seconds < 1 ? `${digits(seconds * 1e3)} ms` : `${digits(seconds)} s`;
}

/** Three digits that count, and never an exponent. */
export function digits(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
