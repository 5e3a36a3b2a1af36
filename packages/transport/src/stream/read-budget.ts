// Limits the bytes that a listener reads in one round of the event loop. The system has megabytes of each connection that sends as fast as
// it can, and Node would read them all before it comes to timers, replies and callers that send little.

/** The most bytes of all connections in one round. After that, a connection of which another large chunk was read is paused. */
const ROUND_BYTES = 2 ** 21;
/** A chunk of this size shows that the system has more bytes of the connection. A smaller chunk was all that the system had. */
const PIECE_BYTES = 65_536;

/** The number of paused connections that are read again in the next round, in the order in which they were paused. */
const AT_ONCE = ROUND_BYTES / PIECE_BYTES;

export class ReadBudget {
  #bytes = 0;
  #waiting: (() => void)[] = [];

  /**
   * Counts the bytes of a chunk that was read.
   * @param next called when the connection may be read again, if the result is false
   * @returns true if the connection may be read now
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
