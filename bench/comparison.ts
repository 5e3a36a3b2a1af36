// What is compared: contestants that do the same work, and the target set for it. Nothing is measured here.

/** `wall` is what a user waits. `cpu` is what the process was given of all cores, whoever else wants them. */
export type Clock = 'wall' | 'cpu';

export interface Contestant {
  readonly name: string;
  /** Does the work `repeats` times and answers the seconds that took by that clock. */
  run(repeats: number, clock: Clock): number | Promise<number>;
}

/** Two contestants, and what has to be let go of when they are done: a process, a server, a file. */
export interface Pair {
  readonly ours: Contestant;
  readonly theirs: Contestant;
  readonly [Symbol.asyncDispose]?: () => Promise<void>;
}

/**
 * `timesAsFast`: met when their time by ours is at least that. 0.8 allows us 1.25 times their time.
 * `seconds`: met when one operation of ours takes at most so long.
 */
export type Target = { readonly timesAsFast: number } | { readonly seconds: number };

/** How much of the work a contestant does before it is the other's turn. */
export interface Turn {
  readonly seconds: number;
  readonly leastRepeats: number;
  /** What it does before anything counts. */
  readonly warmUpSeconds: number;
}

export interface Comparison {
  /** The first column of the table, and what `--only` is matched against. */
  readonly name: string;
  /** None: for information. */
  readonly target?: Target;
  /** Where it can only be held by one clock. */
  readonly clock?: Clock;
  /** Where a turn is not made of many short operations. */
  readonly turn?: Turn;
  /** Makes the contestants when it is their turn, so that the memory of one comparison is not there in the next. */
  prepare(): Pair | Promise<Pair>;
}
