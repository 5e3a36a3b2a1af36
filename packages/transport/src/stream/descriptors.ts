// Watches the number of file descriptors that this program may still open. Without any, new connections are accepted and closed again
// without an event. So a listener reduces its connections before that, and no caller is rejected in this way.
import { closeSync, openSync } from 'node:fs';

/** The number of descriptors that are kept free, for callers that connect at the same time, and for their handlers. */
const SPARE = 16;
/** The descriptors are counted again after this number of further connections, which is less than SPARE. */
const ASK_AGAIN = SPARE / 2;
/** The descriptors are also counted at this interval, because other parts of the program open files, too. */
const ASK_MS = 1000;
/** A reduced number of places grows by at most this at a time. When as many descriptors beyond SPARE are free, all places are restored. */
const MOST_MORE = 64;
const EXHAUSTED = new Set(['EMFILE', 'ENFILE']);

/** The functions of the listener, which are called when descriptors run short. */
export interface Watcher {
  /** Returns the number of open connections. */
  readonly open: () => number;
  /** Called when there are descriptors for only `places` connections; with the system's error only for the first of such calls in a row. */
  readonly narrow: (places: number, error: NodeJS.ErrnoException | undefined) => void;
  /** Called when there are enough descriptors again. */
  readonly widen: () => void;
}

export class Descriptors {
  readonly #watcher: Watcher;
  readonly #timer: NodeJS.Timeout;
  #places = Number.POSITIVE_INFINITY;
  /** The descriptors are counted again when this number of connections is open. */
  #askAt = ASK_AGAIN;

  constructor(watcher: Watcher) {
    this.#watcher = watcher;
    this.#timer = setInterval(() => this.#ask(), ASK_MS).unref();
  }

  /** Called after a connection was opened, which `open` counts already. */
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

/** Tries to open `wanted` descriptors, and closes them. Returns the number that could be opened, and the system's error if it is less. */
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
