// The guards of all models that call one replica. What may be given to it is told to them together.
import type { Guard } from '../guard/guard.ts';
import type { Replica } from '../guard/replica.ts';
import type { ReplicaState } from './state.ts';

export class Callers {
  /** Each with its number for the replica. */
  readonly #lanes = new Map<Guard, number>();

  /** One more wants to call it. */
  enlist(guard: Guard, replica: Replica, state: ReplicaState): void {
    const lane = guard.join(replica);
    this.#lanes.set(guard, lane);
    if (state.phase === 'up') guard.admit(lane);
    else if (state.phase === 'failed') void guard.quit(lane, state.error);
  }

  delist(guard: Guard): void {
    this.#lanes.delete(guard);
  }

  /** Whether a guard still waits in vain for a sign. */
  isWedged(guard: Guard): boolean {
    const lane = this.#lanes.get(guard);
    return lane !== undefined && guard.healthOf(lane) === 'wedged';
  }

  /** It takes messages. */
  admit(): void {
    for (const [guard, lane] of this.#lanes) guard.admit(lane);
  }

  /** It gets nothing for now; when nothing is under way there any more. */
  async hold(): Promise<void> {
    await Promise.all([...this.#lanes].map(([guard, lane]) => guard.hold(lane)));
  }

  /** It gets nothing any more; when nothing is under way there any more. `error` is what who waits is told. */
  async quit(error: unknown): Promise<void> {
    await Promise.all([...this.#lanes].map(([guard, lane]) => guard.quit(lane, error)));
  }
}
