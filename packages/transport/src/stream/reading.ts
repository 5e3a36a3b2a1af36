// Pauses and resumes the reading of a listener's connection. While a request is being answered, further requests are read if there is room
// for them, and in each round of the event loop no more than the listener's budget allows.
import type { Socket } from 'node:net';
import type { ReadBudget } from './read-budget.ts';

export class Reading {
  readonly #socket: Socket;
  readonly #budget: ReadBudget;
  readonly #mayRead: () => boolean;
  #isPaused = false;
  #waitsForRound = false;

  /** @param mayRead returns true if more bytes may be read now, apart from the budget */
  constructor(socket: Socket, budget: ReadBudget, mayRead: () => boolean) {
    this.#socket = socket;
    this.#budget = budget;
    this.#mayRead = mayRead;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Counts the bytes of a chunk that was read, even if it is dropped. */
  took(bytes: number): void {
    this.#waitsForRound = !this.#budget.took(bytes, this.#nextRound);
  }

  /** Pauses or resumes the socket, if its state has to change. */
  update(): void {
    const isPaused = this.#waitsForRound || !this.#mayRead();
    if (isPaused === this.#isPaused) return;
    this.#isPaused = isPaused;
    if (isPaused) this.#socket.pause();
    else this.#socket.resume();
  }

  readonly #nextRound = (): void => {
    this.#waitsForRound = false;
    this.update();
  };
}
