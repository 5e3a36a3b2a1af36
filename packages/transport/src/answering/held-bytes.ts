// The bytes that a listener holds in memory for its callers, all together.

export class HeldBytes {
  readonly max: number;
  #bytes = 0;

  constructor(max: number) {
    this.max = max;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** Whether it is within the limit. */
  get within(): boolean {
    return this.#bytes <= this.max;
  }

  /** Takes `bytes` more, or fewer where they are negative. */
  change(bytes: number): void {
    this.#bytes += bytes;
  }
}
