// The guards of all models that call one replica. What may be given to it is told to them together.
import type { Guard } from '../../guard/guard.ts';
import type { Replica } from '../../guard/replica.ts';
import type { ReplicaState } from './state.ts';

export class Callers {
  /** Each with its place for the replica. */
  readonly #guards = new Map<Guard, number>();

  /** One more wants to call it. */
  enlist(guard: Guard, replica: Replica, state: ReplicaState): void {
    const place = guard.join(replica);
    this.#guards.set(guard, place);
    if (state.phase === 'up') guard.admit(place);
    else if (state.phase === 'failed') void guard.quit(place, state.error);
  }

  delist(guard: Guard): void {
    this.#guards.delete(guard);
  }

  /** Whether a guard still waits in vain for a sign. */
  isWedged(guard: Guard): boolean {
    const place = this.#guards.get(guard);
    return place !== undefined && guard.healthOf(place) === 'wedged';
  }

  /** It takes messages. */
  admit(): void {
    for (const [guard, place] of this.#guards) guard.admit(place);
  }

  /** It gets nothing for now; when nothing is under way there any more. */
  async hold(): Promise<void> {
    await Promise.all([...this.#guards].map(([guard, place]) => guard.hold(place)));
  }

  /** It gets nothing any more; when nothing is under way there any more. `error` is what who waits is told. */
  async quit(error: unknown): Promise<void> {
    await Promise.all([...this.#guards].map(([guard, place]) => guard.quit(place, error)));
  }
}
