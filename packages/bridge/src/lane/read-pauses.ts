// Decides when a lane's connection reads from its socket: not while a reply is being copied from its file, so that the bytes behind it need
// not be kept, and not for one turn of the event loop after many frames, because a model that keeps its socket full would block everything else.

/** Frames that are read before the event loop gets a turn: far more than a model needs for its messages in progress. */
const FRAMES_PER_TURN = 4096;

export class ReadPauses {
  readonly #resume: () => void;
  /** The number of replies that another thread is copying. */
  #copies = 0;
  /** The number of frames since the event loop last had a turn, and whether it is having one. */
  #frames = 0;
  #isYielding = false;

  /** @param resume called when reading may go on after a pause */
  constructor(resume: () => void) {
    this.#resume = resume;
  }

  /** Counts frames that were read. Returns true if reading may go on. */
  count(frames: number): boolean {
    this.#frames += frames;
    if (this.#frames > FRAMES_PER_TURN && !this.#isYielding) this.#yieldTurn();
    return this.#mayRead;
  }

  /** Pauses reading until a copy is over. */
  during(copy: Promise<void>): void {
    this.#copies++;
    void copy.then(() => {
      this.#copies--;
      this.#resumeIfFree();
    });
  }

  get #mayRead(): boolean {
    return this.#copies === 0 && !this.#isYielding;
  }

  #yieldTurn(): void {
    this.#isYielding = true;
    setImmediate(() => {
      this.#isYielding = false;
      this.#frames = 0;
      this.#resumeIfFree();
    });
  }

  #resumeIfFree(): void {
    if (this.#mayRead) this.#resume();
  }
}
