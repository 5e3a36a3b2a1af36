// How crowded the engine's table of one Map or Set is: the steps that it takes to put keys of these hashes into it, counted as V8
// takes them. Keys that were not chosen take about one each.

/** Beyond so many a key, and a few, the keys were chosen, or happen to be those of an attack. */
const STEPS_A_KEY = 4;
const FEW = 32;

export class Crowd {
  readonly #hashes: number[] = [];
  #chains = new Uint32Array(8);
  #steps = 0;

  /** Counts a key in. @returns whether there are more steps than there may be */
  add(hash: number): boolean {
    this.#hashes.push(hash);
    const count = this.#hashes.length;
    // A table of V8's has at most two keys for each chain.
    if (count > 2 * this.#chains.length) this.#grow();
    const chain = hash & (this.#chains.length - 1);
    this.#steps += this.#chains[chain] as number;
    this.#chains[chain] = (this.#chains[chain] as number) + 1;
    return this.#steps > STEPS_A_KEY * count + FEW;
  }

  #grow(): void {
    const chains = new Uint32Array(2 * this.#chains.length);
    const mask = chains.length - 1;
    for (let i = 0; i < this.#hashes.length - 1; i++) {
      const chain = (this.#hashes[i] as number) & mask;
      chains[chain] = (chains[chain] as number) + 1;
    }
    this.#chains = chains;
  }
}
