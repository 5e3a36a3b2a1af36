// The guards of all models that call one replica. A guard decides what may be sent to a replica, and when. All are told the same.
import type { Guard } from '../../guard/guard.ts';
import type { Replica } from '../../guard/replica.ts';
import type { ReplicaState } from './state.ts';

export class ReplicaGuards {
  /** The number of the replica at each guard. */
  readonly #numbers = new Map<Guard, number>();

  /** Adds the guard of a model that will call the replica, and tells it the replica's state. */
  add(guard: Guard, replica: Replica, state: ReplicaState): void {
    const number = guard.join(replica);
    this.#numbers.set(guard, number);
    if (state.phase === 'up') guard.admit(number);
    else if (state.phase === 'failed') void guard.quit(number, state.error);
  }

  delete(guard: Guard): void {
    this.#numbers.delete(guard);
  }

  /** Returns true if a message of the guard is at the replica, and the replica has shown no sign of life for too long. */
  isWedged(guard: Guard): boolean {
    const number = this.#numbers.get(guard);
    return number !== undefined && guard.healthOf(number) === 'wedged';
  }

  /** Lets all guards send messages to the replica. */
  admit(): void {
    for (const [guard, number] of this.#numbers) guard.admit(number);
  }

  /** Stops all guards from sending messages to the replica for now. Resolves when none of their messages is in progress there. */
  async hold(): Promise<void> {
    await Promise.all([...this.#numbers].map(([guard, number]) => guard.hold(number)));
  }

  /**
   * Stops all guards from sending messages to the replica for good. Resolves when none of their messages is in progress there. Waiting
   * calls are rejected with `error`.
   */
  async quit(error: unknown): Promise<void> {
    await Promise.all([...this.#numbers].map(([guard, number]) => guard.quit(number, error)));
  }
}
