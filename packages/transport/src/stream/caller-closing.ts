// The end of a caller's connection: the way in which it is closed after a reply, after a failure and after an abort. Once one of these
// methods was called, the connection takes no requests, and bytes that arrive are dropped.
import type { Socket } from 'node:net';
import { type CloseMode, closeSocket, resetSocket } from './close-socket.ts';
import { isStranger } from './peer-check.ts';
import type { ReplyMemory } from './reply-memory.ts';
import type { RequestWriter } from './request-writer.ts';
import type { CheckedCallerOptions } from './stream-options.ts';

export class CallerClosing {
  readonly #socket: Socket;
  readonly #options: CheckedCallerOptions;
  readonly #memory: ReplyMemory;
  readonly #hasTokens: boolean;
  #isOver = false;

  constructor(socket: Socket, options: CheckedCallerOptions, memory: ReplyMemory, hasTokens: boolean) {
    this.#socket = socket;
    this.#options = options;
    this.#memory = memory;
    this.#hasTokens = hasTokens;
  }

  /**
   * True once the connection takes no more requests: it is closed or being closed, or its exchange was aborted before it was established.
   */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Closes the socket as `how`. */
  leave(how: CloseMode): void {
    this.#end();
    closeSocket(this.#socket, how);
  }

  /** Closes the connection in the dialect's way. */
  afterReply(): void {
    this.#end();
    setImmediate(() => {
      // A peer that answers before it has received the whole message gets the rest. Otherwise it might wait for the rest for ever.
      this.leave(this.#socket.writableLength > 0 ? 'delivered' : this.#usual);
    });
  }

  /** Closes an established connection whose exchange fails. */
  afterFailure(): void {
    this.leave(this.#options.dialect.close === 'reset' || isStranger(this.#socket, this.#options) ? 'reset' : 'fin');
  }

  /** Called when the peer has closed an idle connection. */
  afterPeer(): void {
    this.#end();
    // If the program at the other end has ended, a close in the usual way would leave a TIME_WAIT on its port for a minute.
    if (isStranger(this.#socket, this.#options)) resetSocket(this.#socket);
  }

  /** Closes an idle connection after everything that was written. */
  afterWrites(): void {
    this.#end();
    this.#socket.destroySoon();
  }

  /**
   * Called when the exchange is aborted before the connection is established. An attempt to connect cannot be undone once it has begun, and
   * there are peers that die of a connection without a message. So the message is still delivered, unless the process ends before.
   */
  afterMessage(writer: RequestWriter | undefined): void {
    this.#end();
    this.#socket.unref();
    this.#socket.on('connect', () => {
      if (this.#socket.destroyed) return;
      if (!this.#hasTokens) writer?.begin(Number.POSITIVE_INFINITY);
      this.#socket.destroySoon();
    });
  }

  /** Closes the socket now. */
  destroy(): void {
    this.#end();
    this.#socket.destroy();
  }

  /**
   * The dialect's way to close a connection. With tokens, `fin` in place of `reset`, which would discard an acknowledgement of the reply.
   */
  get #usual(): CloseMode {
    const { close = 'fin' } = this.#options.dialect;
    return this.#hasTokens && close === 'reset' ? 'fin' : close;
  }

  #end(): void {
    this.#isOver = true;
    this.#memory.end();
  }
}
