// Counts the bytes that a listener holds in memory for all of its callers together.

export class HeldBytes {
  readonly max: number;
  #bytes = 0;

  constructor(max: number) {
    this.max = max;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** True if the bytes are within the limit. */
  get within(): boolean {
    return this.#bytes <= this.max;
  }

  /** Adds `bytes` to the count; a negative number subtracts. */
  change(bytes: number): void {
    this.#bytes += bytes;
  }
}
