// The calls that wait, in the order in which they came. A call whose message was sent in vain returns to its place, in front of all
// that came after it.
import type { Resend } from './events.ts';

/** A call from its beginning until its exchange is over. */
export interface Ticket {
  readonly id: number;
  readonly resend: Resend;
  /** The phase of its message. `waiting`: nothing was opened for it. From `connecting` on it is begun, and will be finished. */
  phase: 'waiting' | 'connecting' | 'sending' | 'awaiting' | 'reading';
  /** True once its caller has an answer. Its exchange may go on. */
  settled: boolean;
  /** The number of its exchanges that were lost. */
  lost: number;
  /** The error of its last exchange, if it is to be sent again. */
  failure?: { readonly error: unknown };
}

export class CallQueue {
  /** Calls that were never begun, by their numbers. A Map keeps the order. */
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

  /** Returns the call that has waited longest. */
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
