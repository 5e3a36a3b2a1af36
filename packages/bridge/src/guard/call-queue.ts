// The calls that wait, in the order in which they came. One that was sent in vain goes back to its place, in front of
// all that came after it.
import type { Resend } from './events.ts';

/** A call, from the moment it is made until its exchange is over. */
export interface Ticket {
  readonly id: number;
  readonly resend: Resend;
  /** Where it is. `waiting`: nothing was opened for it. From `connecting` on it is begun, and will be finished. */
  phase: 'waiting' | 'connecting' | 'sending' | 'awaiting' | 'reading';
  /** Whether its caller has been told, and only the wire goes on. */
  told: boolean;
  /** Exchanges that were lost under it. */
  lost: number;
  /** What its last exchange failed with, where it is to be sent again. */
  failure?: { readonly error: unknown };
}

export class CallQueue {
  /** In order of their numbers; a Map keeps it. */
  readonly #new = new Map<number, Ticket>();
  readonly #again: Ticket[] = [];

  get size(): number {
    return this.#new.size + this.#again.length;
  }

  add(ticket: Ticket): void {
    this.#new.set(ticket.id, ticket);
  }

  addAgain(ticket: Ticket): void {
    const at = this.#again.findIndex(({ id }) => id > ticket.id);
    this.#again.splice(at < 0 ? this.#again.length : at, 0, ticket);
  }

  /** The one that has waited longest. */
  first(): Ticket | undefined {
    return this.#again[0] ?? this.#new.values().next().value;
  }

  get(id: number): Ticket | undefined {
    return this.#new.get(id) ?? this.#again.find((ticket) => ticket.id === id);
  }

  delete(ticket: Ticket): boolean {
    const at = this.#again.indexOf(ticket);
    if (at >= 0) this.#again.splice(at, 1);
    return at >= 0 || this.#new.delete(ticket.id);
  }

  *[Symbol.iterator](): Iterator<Ticket> {
    yield* [...this.#again];
    yield* this.#new.values();
  }
}
