// The delivery of messages without replies over one connection of a caller. An exchange is over once the system has all of the request,
// and the peer's acknowledgement, if the dialect has one, has arrived. The connection is closed without a reset, so that the system still
// delivers what it has.
import type { Socket } from 'node:net';
import type { Conversation } from '../framing/dialect/conversation.ts';
import type { SocketDialect } from '../framing/dialect/dialect.ts';
import type { CallerClosing } from './caller-closing.ts';
import { whenFinished } from './close-socket.ts';
import type { SocketExchange } from './socket-exchange.ts';

export class OneWayDelivery {
  readonly #socket: Socket;
  readonly #dialect: SocketDialect;
  readonly #conversation: Conversation | undefined;
  #finished: Promise<void> | undefined;
  #lost: Error | undefined;

  constructor(socket: Socket, dialect: SocketDialect, conversation: Conversation | undefined) {
    this.#socket = socket;
    this.#dialect = dialect;
    this.#conversation = conversation;
  }

  /** Set once the connection is being closed: resolves when its delivery need not be waited for any longer. */
  get finished(): Promise<void> | undefined {
    return this.#finished;
  }

  /** The error that ended the connection after the system had the last request. The peer may not have read all of it. */
  get lost(): Error | undefined {
    return this.#lost;
  }

  /** True if bytes that arrive are dropped, because no token is due from the peer. */
  get dropsBytes(): boolean {
    return !this.#conversation?.listens;
  }

  /** Returns true if an exchange is over. */
  isOver({ writer, round }: SocketExchange): boolean {
    return writer.isGiven && this.#conversation?.rounds !== round;
  }

  /** Closes the connection behind its last message. */
  finish(closing: CallerClosing): void {
    closing.leave(this.#dialect.close === 'peer' ? 'finish behind peer' : 'finish');
    this.#finished = whenFinished(this.#socket);
  }

  /** Called when the connection ended with an error while no exchange was in progress. */
  lostBehind(cause: Error | undefined): void {
    this.#lost ??= cause;
  }
}
