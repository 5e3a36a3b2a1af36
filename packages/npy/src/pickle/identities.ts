// Records which equal values were one object in Python. A pickle writes an object once and then refers to it. JavaScript's strings have no
// identity, so that it is kept here, beside the values. A "copy" is one str object; copies of the same text have different numbers.
//   strings  copy 0 is the first str of its text in the pickle, unless it is long; only places that hold another copy are listed
//   bytes    Python mostly shares b'' and the bytes objects of one byte; only those that were not shared are listed
//   others   are objects in JavaScript too, so that nothing is listed
import type { PyTuple } from './values/builtin-classes.ts';

/** The arguments of the call that made an object, and its state if the pickle sets one. */
export interface Construction {
  readonly args: PyTuple;
  state?: unknown;
}

/** The identities of the values of one pickle. */
export class Identities {
  readonly #copies = new Map<object, number[]>();
  /** Bytes of length 0 or 1 that were objects of their own although equal bytes are before them in the pickle. */
  readonly distinctBytes: Set<Uint8Array> = new Set();
  /** The copies of the module and the name of each class or function. */
  readonly globals: Map<string, readonly [module: number, name: number]> = new Map();
  /** The calls that made objects, for objects whose fields do not determine the call. */
  readonly constructions: Map<object, Construction> = new Map();

  /** Records that `owner` holds the copy with that number at `slot`. */
  setCopy(owner: object, slot: number, copy: number): void {
    let copies = this.#copies.get(owner);
    if (!copies) {
      if (copy === 0) return;
      copies = [];
      this.#copies.set(owner, copies);
    }
    while (copies.length < slot) copies.push(0);
    copies[slot] = copy;
  }

  /** Returns the number of the copy that `owner` holds at `slot`. */
  copyAt(owner: object, slot: number): number {
    return this.#copies.get(owner)?.[slot] ?? 0;
  }

  /** Returns whether `owner` holds any copy other than copy 0. */
  hasCopies(owner: object): boolean {
    return this.#copies.has(owner);
  }

  /** Records that `to` holds the same copies as `from`. */
  shareCopies(from: object, to: object): void {
    const copies = this.#copies.get(from);
    if (copies) this.#copies.set(to, copies);
  }
}
