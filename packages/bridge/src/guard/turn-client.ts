// Takes turns at the replicas' slots, holds them and releases them, as law.ts decides.
import { platform } from '../platform/platform.ts';
import type { LawEvent, OtherHolder } from './events.ts';
import { turnError } from './reasons.ts';
import type { ModelTurn, Replica } from './replica.ts';

export class TurnClient {
  readonly #replicas: readonly Replica[];
  readonly #tell: (event: LawEvent) => void;
  readonly #held = new Map<string, ModelTurn>();
  readonly #asking = new Map<string, { abort(): void }>();
  /** Turns that are being released, or could not be. They are not asked for before the others had their chance. */
  readonly #releasing = new Map<string, Promise<void>>();

  constructor(replicas: readonly Replica[], tell: (event: LawEvent) => void) {
    this.#replicas = replicas;
    this.#tell = tell;
  }

  async ask(replica: number, slot: number): Promise<void> {
    const key = `${replica}/${slot}`;
    const model = this.#replicas[replica];
    const controller = new platform.AbortController();
    this.#asking.set(key, controller);
    try {
      await this.#releasing.get(key);
      if (controller.signal.aborted) return;
      const onWanted = (): void => this.#tell({ type: 'wanted', replica, slot });
      const onHolder = (holder: OtherHolder): void => {
        if (!controller.signal.aborted) this.#tell({ type: 'moved', replica, slot, holder });
      };
      const turn = await model?.takeTurn?.(slot, onWanted, controller.signal, onHolder);
      if (!controller.signal.aborted) {
        if (turn) this.#held.set(key, turn);
        this.#tell({ type: 'granted', replica, slot });
      } else if (turn) this.#release(key, turn);
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#releasing.delete(key);
      this.#tell({ type: 'denied', replica, slot, error: turnError(model?.target ?? '', error) });
    } finally {
      if (this.#asking.get(key) === controller) this.#asking.delete(key);
    }
  }

  withdraw(replica: number, slot: number): void {
    this.#asking.get(`${replica}/${slot}`)?.abort();
  }

  /** Releases a turn. Connections that are kept between messages are closed with it. */
  release(replica: number, slot: number): void {
    const key = `${replica}/${slot}`;
    this.#replicas[replica]?.carrier.rest?.();
    const turn = this.#held.get(key);
    this.#held.delete(key);
    if (turn) this.#release(key, turn);
  }

  /** Releases a turn. If that fails, its holder is unknown: the next `ask` reports the error, and the one after it asks again. */
  #release(key: string, turn: ModelTurn): void {
    const releasing = turn.release();
    this.#releasing.set(key, releasing);
    const over = (): void => {
      if (this.#releasing.get(key) === releasing) this.#releasing.delete(key);
    };
    releasing.then(over, () => {});
  }

  /** Resolves when the turns that are being released are released. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#releasing.values());
  }
}
