// Bounds the bytes that a listener reads in one round of the event loop. The system holds megabytes of each connection that sends as
// fast as it can, and Node reads them before it comes round to timers, to replies and to callers with little to say.

/** The most bytes of all connections in one round. After that a connection that brings another piece waits for its turn. */
const ROUND_BYTES = 2 ** 21;
/** A smaller piece is all that the system has. */
const PIECE_BYTES = 65_536;

/** The number of waiting connections that go on in the next round, in the order in which they came. */
const AT_ONCE = ROUND_BYTES / PIECE_BYTES;

export class ReadBudget {
  #bytes = 0;
  #waiting: (() => void)[] = [];

  /**
   * Counts a piece that was read.
   * @param next called when reading may go on, if it may not now
   * @returns whether reading may go on now
   */
  took(bytes: number, next: () => void): boolean {
    if (bytes < PIECE_BYTES) return true;
    if (this.#bytes === 0 && this.#waiting.length === 0) setImmediate(() => this.#over());
    this.#bytes += bytes;
    if (this.#bytes < ROUND_BYTES) return true;
    this.#waiting.push(next);
    return false;
  }

  #over(): void {
    this.#bytes = 0;
    for (const next of this.#waiting.splice(0, AT_ONCE)) next();
    if (this.#waiting.length > 0) setImmediate(() => this.#over());
  }
}
