// What an attack is: something hostile beside something good, and one figure of what became of the good. It runs in a
// process of its own, against the sources of any checkout.
import type { Tree } from '../tree.ts';

export type { Tree };

export interface Attack {
  /** `listener: 256 dripping connections`: who is attacked, and by what. `--only` is matched against it. */
  readonly name: string;
  /** What the figure counts, with its unit: `share of good requests served`, `ms`, `MB`. */
  readonly unit: string;
  readonly bound: { readonly atMost: number } | { readonly atLeast: number };
  /** Ends by itself. What it throws is printed in place of the figure. */
  run(tree: Tree): Promise<number>;
}
