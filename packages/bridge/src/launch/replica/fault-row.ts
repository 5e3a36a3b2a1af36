// The faults of one replica, counted: how long it is left alone behind each of them, and after how many in a row it is given up.
import type { ModelFault } from '../errors.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;

export class FaultRow {
  readonly #maxRestarts: number;
  readonly #counts: Partial<Record<ModelFault['kind'], number>> = {};
  #inRow = 0;

  /** @param maxRestarts starts in a row without an answer, after which it is given up */
  constructor(maxRestarts: number) {
    this.#maxRestarts = maxRestarts;
  }

  /** What it was found at, and how often. A copy. */
  get counts(): Readonly<Partial<Record<ModelFault['kind'], number>>> {
    return { ...this.#counts };
  }

  /** It has been of use since the last one, or somebody wants it to start anew. */
  end(): void {
    this.#inRow = 0;
  }

  /** One more: for how many milliseconds it is left alone then; undefined: it is given up. */
  add({ kind }: ModelFault): number | undefined {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    const before = this.#inRow++;
    return before >= this.#maxRestarts ? undefined : pauseAfter(before);
  }
}

/** Doubling, spread, and none before the first start anew. */
function pauseAfter(inRow: number): number {
  return inRow === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (inRow - 1)) * (0.5 + Math.random() / 2);
}
