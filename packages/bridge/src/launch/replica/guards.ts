// The guards of all models that call one replica. All of them are told together whether the replica may be given messages.
import type { Guard } from '../../guard/guard.ts';
import type { Replica } from '../../guard/replica.ts';
import type { ReplicaState } from './state.ts';

export class Guards {
  /** Each guard with its number for the replica. */
  readonly #numbers = new Map<Guard, number>();

  /** Adds the guard of a model that is to call the replica. */
  add(guard: Guard, replica: Replica, state: ReplicaState): void {
    const number = guard.join(replica);
    this.#numbers.set(guard, number);
    if (state.phase === 'up') guard.admit(number);
    else if (state.phase === 'failed') void guard.quit(number, state.error);
  }

  delete(guard: Guard): void {
    this.#numbers.delete(guard);
  }

  /** Returns true while a guard has a message at the replica and still waits in vain for a sign. */
  isWedged(guard: Guard): boolean {
    const number = this.#numbers.get(guard);
    return number !== undefined && guard.healthOf(number) === 'wedged';
  }

  /** Declares that the replica takes messages. */
  admit(): void {
    for (const [guard, number] of this.#numbers) guard.admit(number);
  }

  /** Stops giving the replica messages for now. Resolves when none is under way there. */
  async hold(): Promise<void> {
    await Promise.all([...this.#numbers].map(([guard, number]) => guard.hold(number)));
  }

  /** Stops giving the replica messages for good. Resolves when none is under way there. Calls that wait are rejected with `error`. */
  async quit(error: unknown): Promise<void> {
    await Promise.all([...this.#numbers].map(([guard, number]) => guard.quit(number, error)));
  }
}
