// Counts the hash collisions in V8's table of one Map or Set: the steps that V8 takes to insert keys with these hashes. Keys that were
// not chosen to collide take about one step each.

/** Keys with up to four steps each, and 32 more in all, do not collide too often. */
const STEPS_PER_KEY = 4;
const FREE_STEPS = 32;

/** Counts the collisions of the keys of one Map or Set. */
export class CollisionCounter {
  readonly #hashes: number[] = [];
  #chains = new Uint32Array(8);
  #steps = 0;

  /** Counts a key. Returns whether the keys collide too often. */
  add(hash: number): boolean {
    this.#hashes.push(hash);
    const count = this.#hashes.length;
    // V8's tables have at most two keys for each chain.
    if (count > 2 * this.#chains.length) this.#grow();
    const chain = hash & (this.#chains.length - 1);
    this.#steps += this.#chains[chain] as number;
    this.#chains[chain] = (this.#chains[chain] as number) + 1;
    return this.#steps > STEPS_PER_KEY * count + FREE_STEPS;
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
