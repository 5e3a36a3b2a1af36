// Who waits for a turn, in the order in which they came to wait for it, whoever had the turn then. The order goes with the
// turn from holder to holder.
import type { Socket } from 'node:net';
import type { Waiter } from './turn-protocol.ts';

/** One who waits. */
export interface QueuePlace extends Waiter {
  /** Its connection, where it is connected to this holder: others are known from the last one. */
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

  /** One who has come to this holder. */
  add({ id, since }: Waiter, socket: Socket): void {
    const known = this.#places.find((place) => place.id === id);
    if (known) known.socket = socket;
    else this.#insert({ id, since, socket });
  }

  /** It does not wait any more. */
  remove(socket: Socket): void {
    const at = this.#places.findIndex((place) => place.socket === socket);
    if (at >= 0) this.#places.splice(at, 1);
  }

  /** Takes out who has waited longest. */
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
