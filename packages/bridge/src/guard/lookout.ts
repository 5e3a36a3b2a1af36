// Whether models that are gone are back, as the kernel tells: it may know sooner than a call that finds out.
import type { LawEvent } from './events.ts';
import type { Lane } from './lane.ts';
import type { Replica } from './replica.ts';

export class Lookout {
  readonly #replicas: readonly Replica[];
  readonly #lanes: readonly Lane[];
  readonly #tell: (event: LawEvent) => void;
  #looking: Promise<void> | undefined;

  constructor(replicas: readonly Replica[], lanes: readonly Lane[], tell: (event: LawEvent) => void) {
    this.#replicas = replicas;
    this.#lanes = lanes;
    this.#tell = tell;
  }

  /** Whether one of them is gone. */
  get needed(): boolean {
    return this.#lanes.some(({ down }) => down);
  }

  /** Asks, and tells of those that are listened on. */
  async look(): Promise<void> {
    this.#looking ??= Promise.all(
      this.#replicas.map(async ({ listening }, lane) => {
        if (this.#lanes[lane]?.down && (await listening?.())) this.#tell({ type: 'listening', lane });
      }),
    ).then(() => {
      this.#looking = undefined;
    });
    await this.#looking;
  }
}
