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

  /** Takes `bytes` more, or fewer where they are negative; whether that is within the limit. */
  change(bytes: number): boolean {
    this.#bytes += bytes;
    return bytes <= 0 || this.#bytes <= this.max;
  }
}
