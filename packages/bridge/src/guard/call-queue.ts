// The calls whose messages wait to be sent, in the order in which the calls were made. A call whose message is to be sent again returns to
// its place, in front of all calls that were made after it.
import type { Resend } from './events.ts';

/** The state of a call, from the call itself until its exchange is over. */
export interface Ticket {
  readonly id: number;
  readonly resend: Resend;
  /** The phase of its message. `waiting`: no connection was opened for it. From `connecting` on the message is begun, and is finished. */
  phase: 'waiting' | 'connecting' | 'sending' | 'awaiting' | 'reading';
  /** True once the call has resolved or rejected. Its exchange may still be in progress. */
  settled: boolean;
  /** The number of its exchanges whose connection was lost. */
  lost: number;
  /** The error of its last exchange, if one has failed. */
  failure?: { readonly error: unknown };
}

export class CallQueue {
  /** The calls whose messages were never begun, by their numbers. A Map keeps the order. */
  readonly #new = new Map<number, Ticket>();
  /** The calls whose messages are to be sent again, in the order of their numbers. */
  readonly #again: Ticket[] = [];

  get size(): number {
    return this.#new.size + this.#again.length;
  }

  add(ticket: Ticket): void {
    this.#new.set(ticket.id, ticket);
  }

  /** Returns a call to its place in the queue, to be sent again. */
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

  /** Removes a call. Returns false if the call was not in the queue. */
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
