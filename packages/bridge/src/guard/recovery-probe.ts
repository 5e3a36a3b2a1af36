// Whether models that are gone are back, as the kernel tells: it may know sooner than a call that finds out.
import type { LawEvent } from './events.ts';
import type { Replica } from './replica.ts';
import type { ReplicaRecord } from './replica-record.ts';

export class RecoveryProbe {
  readonly #replicas: readonly Replica[];
  readonly #records: readonly ReplicaRecord[];
  readonly #tell: (event: LawEvent) => void;
  #looking: Promise<void> | undefined;
  /** What waits for the kernel's word, in the order in which it came. */
  readonly #waiting: (() => void)[] = [];

  constructor(replicas: readonly Replica[], records: readonly ReplicaRecord[], tell: (event: LawEvent) => void) {
    this.#replicas = replicas;
    this.#records = records;
    this.#tell = tell;
  }

  /** Whether one of them is gone, or somebody still waits who came while one was. */
  get needed(): boolean {
    return this.#waiting.length > 0 || this.#records.some(({ down }) => down);
  }

  /** Whether a call is to hear the kernel first: no replica is there to take it while one is gone, or others wait for that. */
  get comesFirst(): boolean {
    return this.needed && (this.#waiting.length > 0 || !this.#records.some(({ health }) => health === 'up'));
  }

  /** Runs `ask` once the kernel has told, and behind all that came before. */
  first(ask: () => void): void {
    this.#waiting.push(ask);
    void this.look();
  }

  /** Asks, and tells of those that are listened on. */
  async look(): Promise<void> {
    this.#looking ??= Promise.all(
      this.#replicas.map(async ({ listening }, replica) => {
        // Where it cannot be asked nobody knows.
        const back = this.#records[replica]?.down && (await listening?.().catch(() => undefined));
        if (back) this.#tell({ type: 'listening', replica });
      }),
    ).then(() => {
      this.#looking = undefined;
      for (let ask = this.#waiting[0]; ask; ask = this.#waiting[0]) {
        ask();
        this.#waiting.shift();
      }
    });
    await this.#looking;
  }
}
