// Whether models that are gone are back, as the kernel tells: it may know sooner than a call that finds out.
import type { LawEvent } from './events.ts';
import type { Replica } from './replica.ts';
import type { Standing } from './standing.ts';

export class Lookout {
  readonly #replicas: readonly Replica[];
  readonly #standings: readonly Standing[];
  readonly #tell: (event: LawEvent) => void;
  #looking: Promise<void> | undefined;

  constructor(replicas: readonly Replica[], standings: readonly Standing[], tell: (event: LawEvent) => void) {
    this.#replicas = replicas;
    this.#standings = standings;
    this.#tell = tell;
  }

  /** Whether one of them is gone. */
  get needed(): boolean {
    return this.#standings.some(({ down }) => down);
  }

  /** Asks, and tells of those that are listened on. */
  async look(): Promise<void> {
    this.#looking ??= Promise.all(
      this.#replicas.map(async ({ listening }, replica) => {
        if (this.#standings[replica]?.down && (await listening?.())) this.#tell({ type: 'listening', replica });
      }),
    ).then(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }
}
