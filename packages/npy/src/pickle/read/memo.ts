// The memo: values that a pickle refers to by number. Python numbers them without gaps, from 0, or from 1 in Python 2's cPickle; these are
// kept in an array. Other numbers are kept in a map, so that a high number takes no more memory than a low one.

/** The memo of one pickle. */
export class Memo {
  readonly #dense: unknown[] = [];
  /** Values by number, as a string: V8 seeds the hashes of strings, while a file could choose numbers that collide. */
  readonly #sparse = new Map<string, unknown>();
  #size = 0;

  /** The number of values, which is the number that MEMOIZE assigns. */
  get size(): number {
    return this.#size;
  }

  /** Stores a value. */
  put(index: number, value: unknown): void {
    if (this.get(index) === undefined) this.#size++;
    if (index <= this.#dense.length + 1) this.#dense[index] = value;
    else this.#sparse.set(`memo ${index}`, value);
  }

  /** Returns a value; undefined if there is none. */
  get(index: number): unknown {
    const value = this.#dense[index];
    return value === undefined && this.#sparse.size > 0 ? this.#sparse.get(`memo ${index}`) : value;
  }
}
