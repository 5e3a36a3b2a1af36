// The machine's turns that a guard asks for, holds and hands on. When it does so is the law's affair.
import { platform } from '../platform.ts';
import type { LawEvent } from './events.ts';
import { turnError } from './reasons.ts';
import type { HeldTurn, Replica } from './replica.ts';

export class TurnKeeper {
  readonly #replicas: readonly Replica[];
  readonly #tell: (event: LawEvent) => void;
  readonly #held = new Map<string, HeldTurn>();
  readonly #asking = new Map<string, { abort(): void }>();
  /** Turns that are being handed on: not to be asked for before the others had their chance. */
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
      const onWanted = (): void => this.#tell({ type: 'wanted', replica, slot });
      const turn = await asked?.takeTurn?.(slot, onWanted, controller.signal);
      if (controller.signal.aborted) await turn?.release();
      else {
        if (turn) this.#held.set(key, turn);
        this.#tell({ type: 'granted', replica, slot });
      }
    } catch (error) {
      if (controller.signal.aborted) return;
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
    if (!turn) return;
    const handing = turn.release().finally(() => {
      if (this.#handing.get(key) === handing) this.#handing.delete(key);
    });
    this.#handing.set(key, handing);
  }

  /** Waits for the turns that are being handed on. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#handing.values());
  }
}
