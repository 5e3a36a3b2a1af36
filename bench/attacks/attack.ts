// What an attack is: something hostile beside something good, and one figure of what became of the good. It runs in a
// process of its own, against the sources of any checkout, so that two commits can be measured by the same program.
import type * as bridge from '@bridge/bridge';
import type * as launch from '@bridge/bridge/launch';
import type * as npy from '@bridge/npy';
import type * as pickle from '@bridge/npy/pickle';
import type * as transport from '@bridge/transport';
import type * as tcp from '@bridge/transport/tcp';
import type * as turns from '@bridge/transport/turns';
import type * as unix from '@bridge/transport/unix';

/** The packages by the entry that a program imports. */
export interface Entries {
  '@bridge/bridge': typeof bridge;
  '@bridge/bridge/launch': typeof launch;
  '@bridge/npy': typeof npy;
  '@bridge/npy/pickle': typeof pickle;
  '@bridge/transport': typeof transport;
  '@bridge/transport/tcp': typeof tcp;
  '@bridge/transport/turns': typeof turns;
  '@bridge/transport/unix': typeof unix;
}

/** The checkout under attack. */
export interface Tree {
  /** Its root, absolute. */
  readonly root: string;
  /** An entry of its sources. */
  load<Entry extends keyof Entries>(entry: Entry): Promise<Entries[Entry]>;
  /** The path of a file in it. */
  file(path: string): string;
}

export interface Attack {
  /** `listener: 256 dripping connections`: who is attacked, and by what. `--only` is matched against it. */
  readonly name: string;
  /** What the figure counts, with its unit: `share of good requests served`, `ms`, `MB`. */
  readonly unit: string;
  readonly bound: { readonly atMost: number } | { readonly atLeast: number };
  /** Ends by itself. What it throws is printed in place of the figure. */
  run(tree: Tree): Promise<number>;
}
