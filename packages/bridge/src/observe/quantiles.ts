// Quantiles of durations, in memory of fixed size: a DDSketch (Masson, Rim, Lee, "DDSketch: a fast and fully-mergeable
// quantile sketch with relative-error guarantees", VLDB 2019). Durations are counted in buckets whose bounds grow by a
// constant factor, so every quantile is within one percent of the exact one, whatever the distribution.

/** The largest relative error of a quantile. */
const ACCURACY = 0.01;
const GROWTH = (1 + ACCURACY) / (1 - ACCURACY);
const LOG_GROWTH = Math.log(GROWTH);
/** The shortest duration with a bucket of its own; the longest is about three hours. Durations outside count as the nearest of the two. */
const SHORTEST_MS = 0.001;
const BUCKETS = Math.ceil(Math.log(1e7 / SHORTEST_MS) / LOG_GROWTH) + 1;

/** A summary of durations in milliseconds, all zero if there are none. Quantiles are within one percent of the exact ones. */
export interface Summary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly max: number;
}

export class Quantiles {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sum = 0;
  #max = 0;

  add(ms: number): void {
    const bucket = Math.ceil(Math.log(ms / SHORTEST_MS) / LOG_GROWTH);
    const at = Math.min(BUCKETS - 1, Math.max(0, bucket));
    this.#counts[at] = (this.#counts[at] ?? 0) + 1;
    this.#count++;
    this.#sum += ms;
    this.#max = Math.max(this.#max, ms);
  }

  /** @param q from 0 to 1 */
  quantile(q: number): number {
    if (this.#count === 0) return 0;
    const rank = q * (this.#count - 1);
    let below = 0;
    let at = 0;
    for (; at < BUCKETS - 1; at++) {
      below += this.#counts[at] ?? 0;
      if (below > rank) break;
    }
    return Math.min(this.#max, (2 * SHORTEST_MS * GROWTH ** at) / (GROWTH + 1));
  }

  summary(): Summary {
    return {
      count: this.#count,
      mean: this.#count === 0 ? 0 : this.#sum / this.#count,
      p50: this.quantile(0.5),
      p90: this.quantile(0.9),
      p99: this.quantile(0.99),
      max: this.#max,
    };
  }
}
