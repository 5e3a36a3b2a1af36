// Whether this program may open another file or connection. When it may not, the system accepts connections and closes them
// again, and no event says so: somebody has to ask.
import { closeSync, openSync } from 'node:fs';

/** How often it is asked, and how often while there are none. */
const ASK_MS = 1000;
const ASK_AGAIN_MS = 50;
const EXHAUSTED = new Set(['EMFILE', 'ENFILE']);

export class Descriptors {
  readonly #exhausted: (error: NodeJS.ErrnoException, again: boolean) => void;
  #timer: NodeJS.Timeout | undefined;
  #wasExhausted = false;

  /** @param exhausted told each time that none was left; `again` after the first of them in a row */
  constructor(exhausted: (error: NodeJS.ErrnoException, again: boolean) => void) {
    this.#exhausted = exhausted;
    this.#ask(ASK_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }

  #ask(ms: number): void {
    this.#timer = setTimeout(() => {
      const error = lack();
      this.#ask(error ? ASK_AGAIN_MS : ASK_MS);
      if (error) this.#exhausted(error, this.#wasExhausted);
      this.#wasExhausted = error !== undefined;
    }, ms).unref();
  }
}

/** What the system says where it has none left. */
function lack(): NodeJS.ErrnoException | undefined {
  try {
    closeSync(openSync('/dev/null', 'r'));
  } catch (error) {
    if (EXHAUSTED.has((error as NodeJS.ErrnoException).code ?? '')) return error as NodeJS.ErrnoException;
  }
  return undefined;
}
