// A seeded random generator: the same seed gives the same choices.

export class Random {
  #state: number;

  /** @param path further numbers, such as those of a host and a caller, so that each makes other choices */
  constructor(seed: number, ...path: readonly number[]) {
    this.#state = seed >>> 0;
    for (const step of path) {
      this.#state = (Math.imul(this.#state ^ (this.#state >>> 15), 0x2c1b3c6d) + step + 1) >>> 0;
      this.next();
    }
  }

  /** Returns a number from 0 to below 1, by mulberry32. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), this.#state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  /** Returns an integer from `low` to `high`, both included. */
  int(low: number, high: number): number {
    return low + Math.floor(this.next() * (high - low + 1));
  }

  chance(probability: number): boolean {
    return this.next() < probability;
  }

  /** Returns one of `choices`, with a probability in proportion to its weight. */
  weighted<T>(choices: readonly (readonly [weight: number, choice: T])[]): T {
    let left = this.next() * choices.reduce((sum, [weight]) => sum + weight, 0);
    for (const [weight, choice] of choices) {
      left -= weight;
      if (left < 0) return choice;
    }
    throw new RangeError('there is nothing to choose from');
  }
}
