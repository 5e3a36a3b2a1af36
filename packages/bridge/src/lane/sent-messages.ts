// The messages that were sent on a lane and whose replies have not ended, in the order in which the model takes them. This file knows which
// of them the model may have taken, and does no I/O.
import type { Pending } from './pending.ts';

export class SentMessages {
  #queue: Pending[] = [];

  /** The message on which the model is working, or which it takes next; undefined if all replies have ended. */
  get first(): Pending | undefined {
    return this.#queue[0];
  }

  /** True while a caller waits for a reply. */
  get isWanted(): boolean {
    return this.#queue.some(({ settled }) => !settled);
  }

  /** Adds a message that was just sent. */
  add(pending: Pending): void {
    this.#queue.push(pending);
    this.markReached();
  }

  /** Removes the first message, because its reply has ended. */
  removeFirst(): void {
    this.#queue.shift();
  }

  /** Marks the first message without a whole reply: the model may have taken it. The model has provably not seen those behind it. */
  markReached(): void {
    const first = this.#queue[0];
    (first?.answered ? this.#queue[1] : first)?.reached();
  }

  /**
   * Removes and returns the messages that the model has not taken. The model takes messages in order. It sends the end of a reply before
   * it takes the next message, or together with that message's reply.
   * @param named the sequence of the last message that the model took, if the model has named it. A model that names a message before
   *   the one whose reply it has begun is not believed
   * @param isSlow true if the first reply arrived too slowly. The model sends the end of such a reply before it takes the next message
   */
  removeUnseen(named: number | undefined, isSlow: boolean): readonly Pending[] {
    const { first } = this;
    const hasBegun = first !== undefined && first.replyBytes > 0;
    const shown = hasBegun ? first.sequence : 0;
    const assumed = first ? first.sequence + (hasBegun && !isSlow ? 1 : 0) : 0;
    const last = Math.max(shown, named ?? assumed);
    const unseen = this.#queue.filter(({ sequence }) => sequence > last);
    this.#queue = this.#queue.filter(({ sequence }) => sequence <= last);
    return unseen;
  }

  /** Removes and returns all messages. */
  removeAll(): readonly Pending[] {
    const all = this.#queue;
    this.#queue = [];
    return all;
  }
}
