// The end of a listener's connection: it is closed after the last reply, or its caller leaves while a request is being answered.
import type { Socket } from 'node:net';
import { Timer } from '../exchange/long-timer.ts';

/** The time for a caller to close its half after the last reply was sent. */
const LINGER_MS = 5_000;
/** The interval at which the connection of a caller that has closed its half is checked while a request is being answered. */
const WATCH_MS = 200;
const NOTHING: Uint8Array = new Uint8Array(0);

export class ServedClosing {
  readonly #socket: Socket;
  readonly #linger = new Timer();
  #watcher: NodeJS.Timeout | undefined;

  constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Closes our half after the reply. The socket is destroyed once the caller has closed its half, too, or after LINGER_MS. */
  closeBehindReply(): void {
    const socket = this.#socket;
    const linger = (): void => this.#linger.set(LINGER_MS, () => socket.destroy());
    if (socket.writableFinished) linger();
    else socket.once('finish', linger);
    socket.end();
  }

  /**
   * Checks at an interval whether a caller that has closed its half is still there: it waits for its reply, or has closed the whole
   * connection. Reading cannot tell the two apart, but a write can, even of no bytes: it fails once the connection is closed.
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

  /** Stops these checks: the request was answered. */
  answered(): void {
    clearInterval(this.#watcher);
  }

  /** Stops all timers: the connection is closed. */
  stop(): void {
    this.#linger.stop();
    clearInterval(this.#watcher);
  }
}
