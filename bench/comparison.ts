// The contracts of a comparison: contestants that do the same work, and a target. Nothing is measured here.

/** `wall` is the time that a user waits. `cpu` is the processor time that the contestant's process was given on all cores. */
export type Clock = 'wall' | 'cpu';

export interface Contestant {
  readonly name: string;
  /** Overrides the warm-up of the turn: a program whose code is not compiled at run time needs less. */
  readonly warmUpSeconds?: number;
  /** Does the work `repeats` times. Returns the seconds that this took by `clock`. */
  run(repeats: number, clock: Clock): number | Promise<number>;
}

/** A contestant with which ours is compared. */
export interface Opponent extends Contestant {
  /** Overrides the comparison's target. */
  readonly target?: Target | undefined;
}

/** The contestants of one comparison; disposing ends their processes and servers and removes their files. */
export interface Contest {
  readonly ours: Contestant;
  readonly theirs: readonly Opponent[];
  readonly [Symbol.asyncDispose]?: () => Promise<void>;
}

/**
 * `timesAsFast`: the opponent's time divided by ours must be at least this. 0.8 allows ours to take 1.25 times as long.
 * `seconds`: one operation of ours must take at most this long.
 */
export type Target = { readonly timesAsFast: number } | { readonly seconds: number };

/** The work of a contestant before the next contestant's turn. */
export interface Turn {
  readonly seconds: number;
  readonly leastRepeats: number;
  /** A contestant works for this long before its turns are measured. */
  readonly warmUpSeconds: number;
}

export interface Comparison {
  /** The first column of the table. `--only` selects by it. */
  readonly name: string;
  /** A comparison without a target is for information. */
  readonly target?: Target;
  /** Set if the comparison is meaningful by one clock only. */
  readonly clock?: Clock;
  /** Set if the turns do not consist of many short operations. */
  readonly turn?: Turn;
  /** Makes the contestants just before they are measured, so that no comparison holds memory during another one. */
  prepare(): Contest | Promise<Contest>;
}
