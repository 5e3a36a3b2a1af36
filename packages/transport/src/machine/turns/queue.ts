// The contenders that wait for a turn, in the order in which they began to wait. Each holder of the turn sends the list to the next holder,
// so that the order is kept.
import type { Socket } from 'node:net';
import type { Waiter } from './turn-protocol.ts';

/** A waiter in the queue. */
export interface QueuePlace extends Waiter {
  /** The waiter's connection to this holder; undefined if the waiter is only known from the previous holder's list. */
  socket: Socket | undefined;
}

export class Queue {
  readonly #places: QueuePlace[] = [];

  constructor(others: readonly Waiter[]) {
    for (const { id, since } of others) this.#insert({ id, since, socket: undefined });
  }

  get isEmpty(): boolean {
    return this.#places.length === 0;
  }

  /** Adds a waiter that has connected to this holder. */
  add({ id, since }: Waiter, socket: Socket): void {
    const known = this.#places.find((place) => place.id === id);
    if (known) known.socket = socket;
    else this.#insert({ id, since, socket });
  }

  /** Removes the waiter whose connection this is. */
  remove(socket: Socket): void {
    const at = this.#places.findIndex((place) => place.socket === socket);
    if (at >= 0) this.#places.splice(at, 1);
  }

  /** Takes out the waiter that has waited for the longest time. */
  shift(): QueuePlace | undefined {
    return this.#places.shift();
  }

  get all(): readonly QueuePlace[] {
    return this.#places;
  }

  #insert(place: QueuePlace): void {
    let at = this.#places.length;
    while (at > 0 && (this.#places[at - 1]?.since ?? 0n) > place.since) at--;
    this.#places.splice(at, 0, place);
  }
}
