// Asks for the machine's turns at the replicas' slots, holds them and releases them, as the state machine (guard-state-machine.ts) decides.
import { platform } from '../platform/platform.ts';
import type { GuardEvent, OtherHolder } from './events.ts';
import { turnError } from './reasons.ts';
import type { ModelTurn, Replica } from './replica.ts';

export class TurnClient {
  readonly #replicas: readonly Replica[];
  readonly #emit: (event: GuardEvent) => void;
  readonly #held = new Map<string, ModelTurn>();
  readonly #asking = new Map<string, { abort(): void }>();
  /** The turns that are being released, or whose release failed. Each is asked for again only when its release is over. */
  readonly #releasing = new Map<string, Promise<void>>();

  constructor(replicas: readonly Replica[], emit: (event: GuardEvent) => void) {
    this.#replicas = replicas;
    this.#emit = emit;
  }

  /** Asks for a turn. Emits `granted`, or `denied` if the system refuses it; nothing after `withdraw`. */
  async ask(replica: number, slot: number): Promise<void> {
    const key = `${replica}/${slot}`;
    const model = this.#replicas[replica];
    const controller = new platform.AbortController();
    this.#asking.set(key, controller);
    try {
      await this.#releasing.get(key);
      if (controller.signal.aborted) return;
      const onWanted = (): void => this.#emit({ type: 'wanted', replica, slot });
      const onHolder = (holder: OtherHolder): void => {
        if (!controller.signal.aborted) this.#emit({ type: 'moved', replica, slot, holder });
      };
      const turn = await model?.takeTurn?.(slot, onWanted, controller.signal, onHolder);
      if (!controller.signal.aborted) {
        if (turn) this.#held.set(key, turn);
        this.#emit({ type: 'granted', replica, slot });
      } else if (turn) this.#release(key, turn);
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#releasing.delete(key);
      this.#emit({ type: 'denied', replica, slot, error: turnError(model?.target ?? '', error) });
    } finally {
      if (this.#asking.get(key) === controller) this.#asking.delete(key);
    }
  }

  /** Stops waiting for a turn. */
  withdraw(replica: number, slot: number): void {
    this.#asking.get(`${replica}/${slot}`)?.abort();
  }

  /** Releases a turn, and closes the replica's persistent connections. */
  release(replica: number, slot: number): void {
    const key = `${replica}/${slot}`;
    this.#replicas[replica]?.carrier.rest?.();
    const turn = this.#held.get(key);
    this.#held.delete(key);
    if (turn) this.#release(key, turn);
  }

  /** Releases a turn. If that fails, nobody knows who has the turn: the next `ask` emits `denied`, and the one after that asks again. */
  #release(key: string, turn: ModelTurn): void {
    const releasing = turn.release();
    this.#releasing.set(key, releasing);
    const over = (): void => {
      if (this.#releasing.get(key) === releasing) this.#releasing.delete(key);
    };
    releasing.then(over, () => {});
  }

  /** Resolves when no turn is being released any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#releasing.values());
  }
}
