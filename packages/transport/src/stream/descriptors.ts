// Whether this program may open more files and connections. When it may not, the system accepts connections and closes them
// again, and no event says so: somebody has to ask. It is asked before there are none, so that nobody is turned away.
import { closeSync, openSync } from 'node:fs';

/** Descriptors that are kept free of connections: for those who come at once, and for what answering them takes. */
const SPARE = 16;
/** After so many more connections it is asked again: fewer than are spare. */
const ASK_AGAIN = SPARE / 2;
/** … and every so often, because others in this program open files as well. */
const ASK_MS = 1000;
/** So many more connections are let in at a time once there are more descriptors. */
const MOST_MORE = 64;
const EXHAUSTED = new Set(['EMFILE', 'ENFILE']);

/** Who is told when descriptors run short. */
export interface Watcher {
  /** Connections that are open. */
  readonly open: () => number;
  /** There are descriptors for no more than `places` connections. `error` is the system's error, given only the first time in a row. */
  readonly narrow: (places: number, error: NodeJS.ErrnoException | undefined) => void;
  /** There are enough again. */
  readonly widen: () => void;
}

export class Descriptors {
  readonly #watcher: Watcher;
  readonly #timer: NodeJS.Timeout;
  #places = Number.POSITIVE_INFINITY;
  /** How many connections are open when it is asked again. */
  #askAt = ASK_AGAIN;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    this.#timer = setInterval(() => this.#ask(), ASK_MS).unref();
  }

  /** One more connection was opened, which has been counted. */
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

/** How many may be opened, of so many that are tried, and what the system says where that is fewer. */
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
