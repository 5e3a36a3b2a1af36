// Measures contestants side by side. Other programs may slow the machine now and then, which slows all contestants of the same
// round. So each round has ratios of its own, and the median of the ratios counts.
//   round 1: ours a b   round 2: a b ours   round 3: b ours a   …

import type { Clock, Contest, Contestant, Opponent, Turn } from './comparison.ts';
import type { Figure, HeldFigure } from './figure.ts';

/**
 * Turns are so short that the garbage of a turn is not collected within it, and so long that the clock's resolution does not
 * matter.
 */
const TURN: Turn = { seconds: 0.005, leastRepeats: 1, warmUpSeconds: 0.3 };
/** Comparisons of short operations have more rounds than were asked for, up to this many seconds. */
const MEASURING_SECONDS = 2;

/** Seconds for one operation. */
export interface Round {
  readonly ours: number;
  readonly theirs: number;
  /** `theirs` divided by `ours`: how many times as fast ours was. */
  readonly ratio: number;
}

/** The rounds with one opponent. */
export interface Rounds {
  readonly opponent: Opponent;
  readonly rounds: readonly Round[];
}

/** Warms all contestants up, then takes at least `minRounds` rounds. */
export async function measure(
  { ours, theirs }: Contest,
  {
    minRounds,
    clock,
    turn = TURN,
  }: { readonly minRounds: number; readonly clock: Clock; readonly turn?: Turn | undefined },
): Promise<Rounds[]> {
  const turns: (() => Promise<number>)[] = [];
  for (const contestant of [ours, ...theirs]) turns.push(await warmUp(contestant, clock, turn));
  const taken = theirs.map((opponent) => ({ opponent, rounds: [] as Round[] }));
  const end = performance.now() + MEASURING_SECONDS * 1000;
  for (let round = 0; round < minRounds || performance.now() < end; round++) {
    const seconds: number[] = [];
    for (let i = 0; i < turns.length; i++) {
      const next = (round + i) % turns.length;
      seconds[next] = (await turns[next]?.()) ?? Number.NaN;
    }
    const [mine = Number.NaN, ...others] = seconds;
    taken.forEach(({ rounds }, i) => {
      const other = others[i] ?? Number.NaN;
      rounds.push({ ours: mine, theirs: other, ratio: other / mine });
    });
  }
  return taken;
}

/** Runs a contestant until its code is compiled. Returns its turn, which resolves with the seconds of one operation. */
async function warmUp(contestant: Contestant, clock: Clock, turn: Turn): Promise<() => Promise<number>> {
  let repeats = turn.leastRepeats;
  const { warmUpSeconds = turn.warmUpSeconds } = contestant;
  for (let spent = 0; spent < warmUpSeconds; ) {
    const seconds = await contestant.run(repeats, clock);
    spent += seconds;
    // The number grows at most tenfold, because the first operations are slower than later ones.
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

/** Returns the median, or NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const half = sorted.length >> 1;
  const high = sorted[half] ?? Number.NaN;
  return sorted.length % 2 === 1 ? high : (high + (sorted[half - 1] ?? Number.NaN)) / 2;
}
