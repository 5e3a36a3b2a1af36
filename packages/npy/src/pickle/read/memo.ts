// What a pickle may refer back to, by number. Numbers run up without gaps in all honest pickles, from 0 or, in those of
// Python 2's cPickle, from 1, and lie in an array; what is numbered otherwise lies in a map, so that a high number takes
// no more memory than a low one.

export class Memo {
  readonly #near: unknown[] = [];
  /** By numbers as text: those that a file chooses may all have one hash, which the hashes of texts have not. */
  readonly #far = new Map<string, unknown>();
  #size = 0;

  /** How many are held: the number that MEMOIZE gives. */
  get size(): number {
    return this.#size;
  }

  put(index: number, value: unknown): void {
    if (this.get(index) === undefined) this.#size++;
    if (index <= this.#near.length + 1) this.#near[index] = value;
    else this.#far.set(`memo ${index}`, value);
  }

  /** Undefined where nothing is held. */
  get(index: number): unknown {
    const near = this.#near[index];
    return near === undefined && this.#far.size > 0 ? this.#far.get(`memo ${index}`) : near;
  }
}
