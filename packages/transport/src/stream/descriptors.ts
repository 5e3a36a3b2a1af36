// Watches whether this program may open more files and connections. When it may not, the system accepts connections and closes them
// again, and no event says so. So the system is asked before that, and no caller is turned away.
import { closeSync, openSync } from 'node:fs';

/** Descriptors that are kept free: for callers that come at once, and for what answering them takes. */
const SPARE = 16;
/** The system is asked again after this number of further connections: fewer than are spare. */
const ASK_AGAIN = SPARE / 2;
/** The system is also asked at this interval, because other parts of this program open files as well. */
const ASK_MS = 1000;
/** Once there are more descriptors, so many more connections are let in at a time. */
const MOST_MORE = 64;
const EXHAUSTED = new Set(['EMFILE', 'ENFILE']);

/** The listener, which is told when descriptors run short. */
export interface Watcher {
  /** Connections that are open. */
  readonly open: () => number;
  /** Says that there are descriptors for `places` connections at most. `error`, the system's, is given only the first time in a row. */
  readonly narrow: (places: number, error: NodeJS.ErrnoException | undefined) => void;
  /** Says that there are enough descriptors again. */
  readonly widen: () => void;
}

export class Descriptors {
  readonly #watcher: Watcher;
  readonly #timer: NodeJS.Timeout;
  #places = Number.POSITIVE_INFINITY;
  /** The system is asked again when so many connections are open. */
  #askAt = ASK_AGAIN;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    this.#timer = setInterval(() => this.#ask(), ASK_MS).unref();
  }

  /** Says that one more connection was opened. `open` counts it already. */
  opened(): void {
    if (this.#watcher.open() >= this.#askAt) this.#ask();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  #ask(): void {
    const open = this.#watcher.open();
    const isNarrow = this.#places < Number.POSITIVE_INFINITY;
    const wanted = isNarrow ? SPARE + MOST_MORE : SPARE;
    const { free, error } = freeDescriptors(wanted);
    if (error) {
      this.#places = Math.max(1, open + free - SPARE);
      this.#watcher.narrow(this.#places, isNarrow ? undefined : error);
    } else if (isNarrow) {
      this.#places = Number.POSITIVE_INFINITY;
      this.#watcher.widen();
    }
    this.#askAt = Math.min(open, this.#places) + ASK_AGAIN;
  }
}

/** Tries to open so many descriptors. Returns how many could be opened, and the system's error if that is fewer. */
function freeDescriptors(wanted: number): { free: number; error: NodeJS.ErrnoException | undefined } {
  const opened: number[] = [];
  let error: NodeJS.ErrnoException | undefined;
  try {
    while (opened.length < wanted) opened.push(openSync('/dev/null', 'r'));
  } catch (thrown) {
    if (EXHAUSTED.has((thrown as NodeJS.ErrnoException).code ?? '')) error = thrown as NodeJS.ErrnoException;
  }
  for (const each of opened) closeSync(each);
  return { free: opened.length, error };
}
