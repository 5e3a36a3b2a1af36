// Recognizes a crash loop: counts the faults of one replica, says how long to wait before each restart, and when to give the replica up.
import type { ModelFault } from '../launch-errors.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 30_000;

export class CrashLoop {
  readonly #maxRestarts: number;
  readonly #counts: Partial<Record<ModelFault['kind'], number>> = {};
  #inRow = 0;

  /** @param maxRestarts the most restarts in a row without an answer. After these the replica is given up */
  constructor(maxRestarts: number) {
    this.#maxRestarts = maxRestarts;
  }

  /** A copy of the counts of faults so far, by kind. */
  get counts(): Readonly<Partial<Record<ModelFault['kind'], number>>> {
    return { ...this.#counts };
  }

  /** Starts a new row of restarts, because the replica has been of use since its last fault, or its user wants a restart. */
  reset(): void {
    this.#inRow = 0;
  }

  /** Counts a fault. Returns the milliseconds to wait before the restart; undefined if the replica has to be given up. */
  record({ kind }: ModelFault): number | undefined {
    this.#counts[kind] = (this.#counts[kind] ?? 0) + 1;
    const before = this.#inRow++;
    return before >= this.#maxRestarts ? undefined : pauseAfter(before);
  }
}

/** Returns 0 before the first restart of a row. Before later ones returns a pause that doubles each time, spread at random. */
function pauseAfter(inRow: number): number {
  return inRow === 0 ? 0 : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (inRow - 1)) * (0.5 + Math.random() / 2);
}
