// Measures two contestants side by side. A machine that others use as well is slow now and then; both are slow in the same
// round then, so each round has a ratio of its own, and the median of the ratios is what counts.
//   round 1: ours theirs   round 2: theirs ours   round 3: ours theirs   …

import type { Clock, Contestant, Pair, Turn } from './comparison.ts';
import type { Figure } from './figure.ts';
import type { HeldFigure } from './report.ts';

/**
 * A turn lasts about so long: the clock's grain does not show, and operations that take memory do not leave so much of it
 * behind that it has to be collected in the turn, or not, as it happens.
 */
const TURN: Turn = { seconds: 0.005, leastRepeats: 1, warmUpSeconds: 0.3 };
/** Short operations get more rounds than were asked for, up to so many seconds. */
const MEASURING_SECONDS = 2;

/** Seconds for one operation. */
export interface Round {
  readonly ours: number;
  readonly theirs: number;
  /** Theirs by ours: how many times as fast ours was. */
  readonly ratio: number;
}

/** Warms both up, then takes at least `minRounds` rounds. */
export async function measure(
  { ours, theirs }: Pair,
  {
    minRounds,
    clock,
    turn = TURN,
  }: { readonly minRounds: number; readonly clock: Clock; readonly turn?: Turn | undefined },
): Promise<Round[]> {
  const turnOfOurs = await warmUp(ours, clock, turn);
  const turnOfTheirs = await warmUp(theirs, clock, turn);
  const taken: Round[] = [];
  const end = performance.now() + MEASURING_SECONDS * 1000;
  while (taken.length < minRounds || performance.now() < end) {
    const theirsFirst = taken.length % 2 === 1 ? await turnOfTheirs() : undefined;
    const mine = await turnOfOurs();
    const other = theirsFirst ?? (await turnOfTheirs());
    taken.push({ ours: mine, theirs: other, ratio: other / mine });
  }
  return taken;
}

/** Runs the contestant until the compilers are through with it. Answers its turn: seconds for one operation of many. */
async function warmUp(contestant: Contestant, clock: Clock, turn: Turn): Promise<() => Promise<number>> {
  let repeats = turn.leastRepeats;
  for (let spent = 0; spent < turn.warmUpSeconds; ) {
    const seconds = await contestant.run(repeats, clock);
    spent += seconds;
    // At most ten times as many: the first operations are the slow ones.
    const wanted = Math.ceil(repeats * (turn.seconds / Math.max(seconds, 1e-6)));
    repeats = Math.max(turn.leastRepeats, Math.min(repeats * 10, wanted));
  }
  return async () => (await contestant.run(repeats, clock)) / repeats;
}

const FIGURE_RUNS = 5;

/** Measures a figure and its control in turns. */
export async function hold({ name, unit, atMost, measure: take, control }: Figure): Promise<HeldFigure> {
  const ours: number[] = [];
  const controls: number[] = [];
  for (let run = 0; run < FIGURE_RUNS; run++) {
    ours.push(await take());
    controls.push(await control());
  }
  const value = median(ours);
  const other = median(controls);
  const taken = { name, unit, value, most: Math.max(...ours), control: other };
  if (atMost === undefined) return taken;
  const bound = typeof atMost === 'number' ? atMost : atMost.timesControl * other;
  return { ...taken, atMost: bound, met: value <= bound };
}

/** The value in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const high = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[half - 1] ?? Number.NaN)) / 2;
}
