// Counts a model's calls, and makes the figures that users see of them.
import type { Health } from '../guard/events.ts';
import { Quantiles, type Summary } from './quantiles.ts';

/** The figures of one of a model's replicas. A replica is one of the targets among which the model's calls are divided. */
export interface ReplicaCallStats {
  readonly target: string;
  /**
   * `up`: it takes messages. `down`: it cannot be reached. `wedged`: it has a message and shows no sign of life. `taken`: another
   * process, or another model object, keeps its turn. For launched replicas also `held`: it is being started; `gone`: it will not be
   * restarted.
   */
  readonly health: Health;
  readonly answered: number;
}

/** A copy of the figures of a model's calls so far. */
export interface Stats {
  /** The number of calls, those of streams included. */
  readonly calls: number;
  readonly answered: number;
  /** Calls that failed, by the error's code; `ABORTED` if the caller's signal was the reason. */
  readonly failures: Readonly<Record<string, number>>;
  /** Frames of streams with the option `latest` that a newer frame replaced before any of their bytes were sent. */
  readonly dropped: number;
  /** Messages that were sent again. */
  readonly resent: number;
  /** Calls that wait for their turn now. */
  readonly queued: number;
  /** Messages in progress now, including those whose callers no longer wait. */
  readonly inFlight: number;
  /** The total size of messages that were answered, and that of their replies, without framing. */
  readonly sentBytes: number;
  readonly receivedBytes: number;
  /** The time from a call to its reply, waiting included, over answered calls. */
  readonly latencyMs: Summary;
  /** The time from the opening of the connection to the last byte of the reply, over answered calls. */
  readonly modelMs: Summary;
  readonly replicas: readonly ReplicaCallStats[];
}

/** The figures of one answered call. */
export interface Answered {
  readonly target: string;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly latencyMs: number;
  readonly modelMs: number;
}

/** Returns the code under which a failure is counted. */
export function codeOf(error: unknown): string {
  const { code, name } = Object(error) as { code?: unknown; name?: unknown };
  return String(code ?? name ?? 'Error');
}

export class Ledger {
  calls = 0;
  dropped = 0;
  #answered = 0;
  #sentBytes = 0;
  #receivedBytes = 0;
  readonly #failures = new Map<string, number>();
  readonly #latency = new Quantiles();
  readonly #model = new Quantiles();
  readonly #byTarget = new Map<string, number>();

  /** True once a call has been answered. */
  get hasAnswers(): boolean {
    return this.#answered > 0;
  }

  answered({ target, sentBytes, receivedBytes, latencyMs, modelMs }: Answered): void {
    this.#answered++;
    this.#sentBytes += sentBytes;
    this.#receivedBytes += receivedBytes;
    this.#latency.add(latencyMs);
    this.#model.add(modelMs);
    this.#byTarget.set(target, (this.#byTarget.get(target) ?? 0) + 1);
  }

  failed(code: string): void {
    this.#failures.set(code, (this.#failures.get(code) ?? 0) + 1);
  }

  /** Returns all figures, those from the guard included. */
  stats(guard: {
    readonly queued: number;
    readonly inFlight: number;
    readonly resent: number;
    readonly health: readonly { readonly target: string; readonly health: Health }[];
  }): Stats {
    return {
      calls: this.calls,
      answered: this.#answered,
      failures: Object.fromEntries(this.#failures),
      dropped: this.dropped,
      resent: guard.resent,
      queued: guard.queued,
      inFlight: guard.inFlight,
      sentBytes: this.#sentBytes,
      receivedBytes: this.#receivedBytes,
      latencyMs: this.#latency.summary(),
      modelMs: this.#model.summary(),
      replicas: guard.health.map((replica) => ({ ...replica, answered: this.#byTarget.get(replica.target) ?? 0 })),
    };
  }
}
