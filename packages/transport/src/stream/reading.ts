// Pauses and resumes the reading of a listener's connection. Requests are read ahead while one is being answered, as long as there is
// room for them, and no connection reads more in a round of the event loop than the listener's budget allows.
import type { Socket } from 'node:net';
import type { ReadBudget } from './read-budget.ts';

export class Reading {
  readonly #socket: Socket;
  readonly #budget: ReadBudget;
  readonly #mayRead: () => boolean;
  #isPaused = false;
  #waitsForRound = false;

  /** @param mayRead returns whether more bytes may be read now, whatever the budget */
  constructor(socket: Socket, budget: ReadBudget, mayRead: () => boolean) {
    this.#socket = socket;
    this.#budget = budget;
    this.#mayRead = mayRead;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Counts a piece that was read, also one that is dropped. */
  took(bytes: number): void {
    this.#waitsForRound = !this.#budget.took(bytes, this.#nextRound);
  }

  /** Pauses or resumes, as it has to be now. */
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
