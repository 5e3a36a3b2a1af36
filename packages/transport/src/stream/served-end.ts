// The end of a listener's connection: closed behind the last reply, or by a caller that has gone while its answer is made.
import type { Socket } from 'node:net';
import { Timer } from '../exchange/timer.ts';

/** A peer may take so long to close its half once it has its last reply. */
const LINGER_MS = 5_000;
/** While an answer is made, a caller that has closed its half is looked for at this interval. */
const WATCH_MS = 200;
const NOTHING: Uint8Array = new Uint8Array(0);

export class ServedEnd {
  readonly #socket: Socket;
  readonly #linger = new Timer();
  #watcher: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Closes our half behind the reply. The socket is destroyed once the peer has closed, too. */
  closeBehindReply(): void {
    const socket = this.#socket;
    const linger = (): void => this.#linger.set(LINGER_MS, () => socket.destroy());
    if (socket.writableFinished) linger();
    else socket.once('finish', linger);
    socket.end();
  }

  /**
   * Looks for a caller that has closed its half. It waits for its answer, or has closed the whole connection and gone: the reading side
   * cannot tell. Writing can, even of no bytes: the system refuses it once nobody is there.
   */
  watchHalfClosed(): void {
    clearInterval(this.#watcher);
    const look = (): void => {
      if (this.#socket.destroyed) clearInterval(this.#watcher);
      else this.#socket.write(NOTHING);
    };
    look();
    this.#watcher = setInterval(look, WATCH_MS);
  }

  /** Stops looking for the caller: its answer was made. */
  answered(): void {
    clearInterval(this.#watcher);
  }

  /** The connection is closed. */
  stop(): void {
    this.#linger.stop();
    clearInterval(this.#watcher);
  }
}
