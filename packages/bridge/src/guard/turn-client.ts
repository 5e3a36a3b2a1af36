// The machine's turns that a guard asks for, holds and hands on. When it does so is the law's affair.
import { platform } from '../platform/platform.ts';
import type { LawEvent, TurnHolder } from './events.ts';
import { turnError } from './reasons.ts';
import type { ModelTurn, Replica } from './replica.ts';

export class TurnClient {
  readonly #replicas: readonly Replica[];
  readonly #tell: (event: LawEvent) => void;
  readonly #held = new Map<string, ModelTurn>();
  readonly #asking = new Map<string, { abort(): void }>();
  /** Turns that are being handed on, or could not be: not to be asked for before the others had their chance. */
  readonly #handing = new Map<string, Promise<void>>();

  constructor(replicas: readonly Replica[], tell: (event: LawEvent) => void) {
    this.#replicas = replicas;
    this.#tell = tell;
  }

  async ask(replica: number, slot: number): Promise<void> {
    const key = `${replica}/${slot}`;
    const asked = this.#replicas[replica];
    const controller = new platform.AbortController();
    this.#asking.set(key, controller);
    try {
      await this.#handing.get(key);
      if (controller.signal.aborted) return;
      const onWanted = (): void => this.#tell({ type: 'wanted', replica, slot });
      const onHolder = (holder: TurnHolder): void => {
        if (!controller.signal.aborted) this.#tell({ type: 'moved', replica, slot, holder });
      };
      const turn = await asked?.takeTurn?.(slot, onWanted, controller.signal, onHolder);
      if (!controller.signal.aborted) {
        if (turn) this.#held.set(key, turn);
        this.#tell({ type: 'granted', replica, slot });
      } else if (turn) this.#handOn(key, turn);
    } catch (error) {
      if (controller.signal.aborted) return;
      this.#handing.delete(key);
      this.#tell({ type: 'denied', replica, slot, error: turnError(asked?.target ?? '', error) });
    } finally {
      if (this.#asking.get(key) === controller) this.#asking.delete(key);
    }
  }

  withdraw(replica: number, slot: number): void {
    this.#asking.get(`${replica}/${slot}`)?.abort();
  }

  /** What is kept between messages goes with the turn. */
  release(replica: number, slot: number): void {
    const key = `${replica}/${slot}`;
    this.#replicas[replica]?.carrier.rest?.();
    const turn = this.#held.get(key);
    this.#held.delete(key);
    if (turn) this.#handOn(key, turn);
  }

  /** Where it fails nobody knows whose the turn is: whoever asks for it next is told, and it is asked for anew after that. */
  #handOn(key: string, turn: ModelTurn): void {
    const handing = turn.release();
    this.#handing.set(key, handing);
    const over = (): void => {
      if (this.#handing.get(key) === handing) this.#handing.delete(key);
    };
    handing.then(over, () => {});
  }

  /** Waits for the turns that are being handed on. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#handing.values());
  }
}
