// A reply that was refused and is read to its end all the same: there are peers that die of a reply that nobody takes. Its
// end is where nothing more of it comes, or where that has gone on for long enough.
import type { Socket } from 'node:net';

/** The caller is told once nothing of it came for so long … */
const SILENT_MS = 1000;
/** … or after so long, whatever comes. */
const DRAIN_MS = 5000;

export class RefusedReply {
  /** What is wrong with it. */
  readonly error: unknown;
  readonly #deadline: NodeJS.Timeout;

  /** @param over called when nobody waits for its end any longer */
  constructor(socket: Socket, error: unknown, over: () => void) {
    this.error = error;
    this.#deadline = setTimeout(over, DRAIN_MS);
    socket.setTimeout(SILENT_MS, over);
  }

  /** It is over. */
  end(): void {
    clearTimeout(this.#deadline);
  }
}
