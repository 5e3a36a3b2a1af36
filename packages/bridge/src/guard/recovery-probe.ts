// Asks the kernel whether models that are gone are back. It may know sooner than a call that finds out by a failed connection.
import type { LawEvent } from './events.ts';
import type { Replica } from './replica.ts';
import type { ReplicaRecord } from './replica-record.ts';

export class RecoveryProbe {
  readonly #replicas: readonly Replica[];
  readonly #records: readonly ReplicaRecord[];
  readonly #tell: (event: LawEvent) => void;
  #looking: Promise<void> | undefined;
  /** Callbacks that wait for the kernel's answer, in the order in which they came. */
  readonly #waiting: (() => void)[] = [];

  constructor(replicas: readonly Replica[], records: readonly ReplicaRecord[], tell: (event: LawEvent) => void) {
    this.#replicas = replicas;
    this.#records = records;
    this.#tell = tell;
  }

  /** True if a replica is gone, or a callback still waits that came while one was. */
  get needed(): boolean {
    return this.#waiting.length > 0 || this.#records.some(({ down }) => down);
  }

  /** True if a new call has to wait for a look: no replica is up while one is gone, or earlier calls wait for a look. */
  get comesFirst(): boolean {
    return this.needed && (this.#waiting.length > 0 || !this.#records.some(({ health }) => health === 'up'));
  }

  /** Calls `ask` after the next look, and after all callbacks that came before. */
  runAfterLook(ask: () => void): void {
    this.#waiting.push(ask);
    void this.look();
  }

  /** Asks the kernel, and reports the replicas that are listened on. */
  async look(): Promise<void> {
    this.#looking ??= Promise.all(
      this.#replicas.map(async ({ listening }, replica) => {
        // If the kernel cannot be asked, nothing is known.
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
