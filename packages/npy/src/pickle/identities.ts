// Which equal things were one object in Python. A pickle writes an object once and then refers to it; JavaScript's
// strings have no identity, so what was shared and what was not is kept here, beside the values.
//   strings  copy 0 is the first str of its text in the pickle, unless it is long; only the places that hold another copy are listed
//   bytes    Python has one b'' and one bytes of each single byte, mostly; those that were not are listed
//   others   are objects in JavaScript too
import type { PyTuple } from './values/builtins.ts';

/** The arguments, and the state if there was one, that an object was made with. */
export interface Made {
  readonly args: PyTuple;
  state?: unknown;
}

export class Identities {
  readonly #copies = new Map<object, number[]>();
  /** Short bytes that were objects of their own though equal ones stood before them. */
  readonly distinctBytes: Set<Uint8Array> = new Set();
  /** Of each class or function: the copies that its module and its name were. */
  readonly globals: Map<string, readonly [module: number, name: number]> = new Map();
  /** How objects that are not written from their fields alone were made. */
  readonly made: Map<object, Made> = new Map();

  /** `owner` holds copy number `copy` at `slot`. */
  note(owner: object, slot: number, copy: number): void {
    let copies = this.#copies.get(owner);
    if (!copies) {
      if (copy === 0) return;
      copies = [];
      this.#copies.set(owner, copies);
    }
    while (copies.length < slot) copies.push(0);
    copies[slot] = copy;
  }

  /** The copy that `owner` holds at `slot`. */
  copyAt(owner: object, slot: number): number {
    return this.#copies.get(owner)?.[slot] ?? 0;
  }

  /** Whether `owner` holds any copy but the first. */
  hasCopies(owner: object): boolean {
    return this.#copies.has(owner);
  }

  /** What was noted of `from` holds for `to`. */
  move(from: object, to: object): void {
    const copies = this.#copies.get(from);
    if (copies) this.#copies.set(to, copies);
  }
}
