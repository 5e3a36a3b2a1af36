// The contract of an attack: something hostile runs beside something good, and one figure tells what became of the good. An attack
// runs in a process of its own, against the sources of any checkout.
import type { Tree } from '../tree.ts';

export type { Tree };

export interface Attack {
  /** The part that is attacked, and the attack: `listener: 256 dripping connections`. `--only` selects by it. */
  readonly name: string;
  /** The figure and its unit: `share of good requests served`, `ms`, `MB`. */
  readonly unit: string;
  readonly bound: { readonly atMost: number } | { readonly atLeast: number };
  /** Resolves with the figure. An error that it throws is printed in place of the figure. */
  run(tree: Tree): Promise<number>;
}
