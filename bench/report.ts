// The tables that `npm run bench` prints, in Markdown: rows of comparisons and of figures, and the machine above them.
import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Clock, Comparison, Target } from './comparison.ts';
import type { HeldFigure } from './figure.ts';
import { median, type Rounds } from './rounds.ts';

/** A row of the table of comparisons: ours compared with one opponent. */
export interface Row {
  /** The comparison and the opponent. */
  readonly name: string;
  readonly met: boolean | undefined;
  readonly text: string;
}

/** The machine, and its load at the start of the run, to which this process adds almost nothing. */
export function machineLine(numpy: string, clock: Clock): string {
  const cpu = cpus()[0]?.model.trim() ?? 'unknown processor';
  const load = digits(loadavg()[0] ?? Number.NaN);
  const date = new Date().toISOString().slice(0, 10);
  return `${cpu}, ${availableParallelism()} cores, load ${load}, ${clock} clock; Node ${process.version}; NumPy ${numpy}; ${date}.`;
}

export const TABLE_HEAD =
  '| comparison | ours | theirs | times as fast: median (min to max) | target | met |\n| --- | --- | --- | --- | --- | --- |';

export function rowOf(comparison: Comparison, ourName: string, { opponent, rounds }: Rounds): Row {
  const target = opponent.target ?? comparison.target;
  const ours = median(rounds.map((round) => round.ours));
  const theirs = median(rounds.map((round) => round.theirs));
  const ratios = rounds.map(({ ratio }) => ratio);
  const ratio = median(ratios);
  const met = target && ('timesAsFast' in target ? ratio >= target.timesAsFast : ours <= target.seconds);
  const cells = [
    comparison.name,
    `${ourName} ${duration(ours)}`,
    `${opponent.name} ${duration(theirs)}`,
    `${digits(ratio)} (${digits(Math.min(...ratios))} to ${digits(Math.max(...ratios))})`,
    target ? bound(target) : '',
    yesOrNo(met),
  ];
  return { name: `${comparison.name}, to ${opponent.name}`, met, text: line(cells) };
}

export const FIGURES_HEAD =
  '| figure (its control) | median of runs | most | control | at most | met |\n| --- | --- | --- | --- | --- | --- |';

export function figureRow({ name, unit, atMost, value, most, control, met }: HeldFigure): string {
  const measured = [value, most, control].map((each) => `${digits(each)} ${unit}`);
  return line([name, ...measured, atMost === undefined ? '' : `${digits(atMost)} ${unit}`, yesOrNo(met)]);
}

function bound(target: Target): string {
  return 'seconds' in target ? `≤ ${duration(target.seconds)}` : `≥ ${digits(target.timesAsFast)}`;
}

function yesOrNo(met: boolean | undefined): string {
  return met === undefined ? '' : met ? 'yes' : 'no';
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function duration(seconds: number): string {
  if (seconds < 1e-3) return `${digits(seconds * 1e6)} µs`;
  return seconds < 1 ? `${digits(seconds * 1e3)} ms` : `${digits(seconds)} s`;
}

/** Returns a number with three significant digits, and never with an exponent. */
export function digits(value: number): string {
  if (value >= 100) return String(Math.round(value));
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}
