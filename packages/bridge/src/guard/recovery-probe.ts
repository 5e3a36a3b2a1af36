// Asks the kernel if a program listens again on the ports of models that were down. No connection is made for that, and no call has to find
// out by a connection that fails.
import type { GuardEvent } from './events.ts';
import type { Replica } from './replica.ts';
import type { ReplicaRecord } from './replica-record.ts';

export class RecoveryProbe {
  readonly #replicas: readonly Replica[];
  readonly #records: readonly ReplicaRecord[];
  readonly #emit: (event: GuardEvent) => void;
  #looking: Promise<void> | undefined;
  /** The callbacks that wait for the kernel's answer, in the order in which they were added. */
  readonly #waiting: (() => void)[] = [];

  constructor(replicas: readonly Replica[], records: readonly ReplicaRecord[], emit: (event: GuardEvent) => void) {
    this.#replicas = replicas;
    this.#records = records;
    this.#emit = emit;
  }

  /** True if a replica is down, or a callback still waits for the kernel's answer. */
  get needed(): boolean {
    return this.#waiting.length > 0 || this.#records.some(({ down }) => down);
  }

  /** True if a new call has to wait for the kernel's answer: a replica is down and none is up, or earlier calls wait for the answer. */
  get comesFirst(): boolean {
    return this.needed && (this.#waiting.length > 0 || !this.#records.some(({ health }) => health === 'up'));
  }

  /** Calls `ask` after the next `look`, and after all callbacks that were added before. */
  runAfterLook(ask: () => void): void {
    this.#waiting.push(ask);
    void this.look();
  }

  /** Asks the kernel, and emits `listening` for each replica that was down and on whose port a program listens. */
  async look(): Promise<void> {
    this.#looking ??= Promise.all(
      this.#replicas.map(async ({ listening }, replica) => {
        // An error means that the kernel could not be asked.
        const back = this.#records[replica]?.down && (await listening?.().catch(() => undefined));
        if (back) this.#emit({ type: 'listening', replica });
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
