// One connection of a listener: it reads requests, has them handled one at a time, and sends the replies. If the caller misbehaves, only
// this connection is closed. A request that has arrived whole is handled even if its caller has left. The states, with their time limits:
//
//   open ──first byte──▶ message ──whole──▶ answering ──▶ reply ──taken──▶ closing, or idle if persistent
//     └ firstByteMs         └ stallMs           └ handlerMs   └ takeMs         └ LINGER_MS        └ idleMs
import type { Socket } from 'node:net';
import { CallerPace } from '../answering/caller-pace.ts';
import { overloadedError } from '../answering/limit-errors.ts';
import type { ListenLimits } from '../answering/listen-limits.ts';
import { isCallerGone, type ListenerCore } from '../answering/listener-core.ts';
import type { Occupant, OccupantState, Room } from '../answering/room.ts';
import { withAddress } from '../errors/with-address.ts';
import type { Conversation } from '../framing/dialect/conversation.ts';
import type { SocketDialect } from '../framing/dialect/dialect.ts';
import type { Message } from '../framing/message.ts';
import { noReply } from '../framing/no-reply.ts';
import { IncomingRequests } from './incoming-requests.ts';
import type { ReadBudget } from './read-budget.ts';
import { Reading } from './reading.ts';
import { ServedClosing } from './served-closing.ts';
import { callerGoneError } from './stream-errors.ts';
import { openReader, type Reader, sendTokens } from './tokens.ts';
import { UnsentReplies } from './unsent-replies.ts';

/** The objects and options that all connections of a listener share. */
export interface Service {
  readonly address: string;
  readonly dialect: SocketDialect;
  readonly oneMessage: boolean;
  readonly limits: ListenLimits;
  readonly answering: ListenerCore;
  readonly room: Room;
  readonly budget: ReadBudget;
}

/** The most bytes of requests that wait while one is being answered, and of replies that were not sent yet, together. */
const AHEAD_BYTES = 64 * 2 ** 20;
/** Together these bytes are also at most 1 / AHEAD_SHARE of `maxHeldBytes`. */
const AHEAD_SHARE = 8;

export class ServedConnection implements Occupant {
  readonly host: string;
  readonly #socket: Socket;
  readonly #service: Service;
  readonly #over: () => void;
  readonly #peer: string;
  /** Set if the dialect has tokens (greetings and acknowledgements). */
  readonly #conversation: Conversation | undefined;
  readonly #incoming: IncomingRequests;
  readonly #replies: UnsentReplies;
  readonly #pace: CallerPace;
  readonly #end: ServedClosing;
  readonly #reading: Reading;
  readonly #aheadBytes: number;
  /** True once the connection has a place in the room, so that its requests may be handled. */
  #admitted = false;
  /** True until the first byte has arrived. */
  #silent = true;
  /** Set while a request is being answered. */
  #control: AbortController | undefined;
  /** True if a request was answered, and the time limit for the next one has not been started yet. */
  #answered = false;
  /** True if the last request that was handled was answered. */
  #satisfied = false;
  /** True once the listener is being closed: the connection reads no more requests. */
  #finishing = false;
  /** True if the caller has closed its half. */
  #ended = false;
  /** True once our half is being closed after the last reply. */
  #closing = false;
  /** TRANSPORT_CALLER_GONE, once the caller has left. */
  #callerGone: unknown;
  #isClosed = false;
  /** The bytes of this connection in the listener's count of held bytes. */
  #holds = 0;

  /** @param over called when the connection is closed and none of its requests is being handled or waits */
  constructor(socket: Socket, service: Service, over: () => void) {
    const { address, dialect, limits, oneMessage } = service;
    this.#socket = socket;
    this.#service = service;
    this.#over = over;
    this.#end = new ServedClosing(socket);
    this.#reading = new Reading(socket, service.budget, () => this.#mayRead);
    this.host = socket.remoteAddress ?? 'a local process';
    this.#peer = peerOf(socket);
    this.#aheadBytes = Math.min(AHEAD_BYTES, limits.maxHeldBytes / AHEAD_SHARE);
    const { maxMessageBytes } = limits;
    let failed: { readonly error: unknown } | undefined;
    let reader: Partial<Reader> = {};
    try {
      // The framing and the functions of tokens may be the user's, and this is called inside of a callback of the server.
      reader = openReader('listener', dialect, { maxMessageBytes });
    } catch (error) {
      failed = { error };
    }
    this.#conversation = reader.conversation;
    this.#incoming = new IncomingRequests(
      reader.decoder ?? noReply().decoder(),
      oneMessage,
      () => this.#conversation?.listens !== false,
    );
    this.#pace = new CallerPace(
      limits,
      () => this.#incoming.partBytes,
      (error) => this.#fail(this.#located(error)),
    );
    this.#replies = new UnsentReplies(
      socket,
      limits.takeMs,
      () => !this.#reading.isPaused && !this.#ended,
      () => this.#proceed(),
    );
    socket.on('data', (chunk) => this.#take(chunk as Buffer));
    socket.on('end', () => this.#halfClosed());
    socket.on('timeout', () => this.#pace.untaken(this.#replies.unsentBytes));
    socket.on('error', (error) => {
      // A caller that has all of its replies may reset the connection, which is a way to close it.
      if (!this.#isSatisfied) this.#callerLeft(callerGoneError(address, this.#peer, error));
    });
    socket.on('close', () => this.#closed());
    if (failed) this.#fail(this.#located(failed.error));
    else sendTokens(socket, this.#conversation);
  }

  get state(): OccupantState {
    if (this.#control || (this.#incoming.waiting > 0 && this.#replies.unsentBytes === 0)) return 'working';
    if (this.#replies.heldBytes > 0) return 'reply';
    if (this.#incoming.partBytes > 0) return 'message';
    return this.#silent ? 'silent' : 'idle';
  }

  get since(): number {
    return this.#pace.since;
  }

  get movedBytes(): number {
    return this.#pace.movedBytes;
  }

  get heldBytes(): number {
    return this.#holds;
  }

  admit(): void {
    this.#admitted = true;
    this.#proceed();
  }

  evict(error: unknown): void {
    this.#fail(this.#located(error));
  }

  /** Closes the connection once the requests that have arrived whole were answered, and the replies were sent. */
  finish(): void {
    this.#finishing = true;
    if (this.#closing) this.#socket.destroySoon();
    else this.#proceed();
  }

  /** Closes the connection now. */
  destroy(): void {
    this.#incoming.drop();
    this.#socket.destroy();
  }

  /** Called when bytes have arrived. */
  #take(chunk: Uint8Array): void {
    // Bytes that are dropped take as much time to read as others, and count.
    this.#reading.took(chunk.length);
    if (this.#closing || this.#finishing || this.#socket.destroyed) {
      this.#reading.update();
      return;
    }
    this.#silent = false;
    this.#replies.heard();
    this.#incoming.push(chunk);
    sendTokens(this.#socket, this.#conversation);
    this.#hold();
    const { room } = this.#service;
    const { held } = this.#service.answering;
    if (!held.within && !this.#control) {
      room.freeBytes(this);
      if (!held.within) {
        this.#fail(this.#located(overloadedError('maxHeldBytes', held.max)));
        return;
      }
    }
    this.#proceed();
  }

  /** Called when the caller has closed its half. */
  #halfClosed(): void {
    this.#ended = true;
    this.#incoming.end();
    // Replies need not wait for bytes to be read any more.
    this.#replies.flush();
    if (this.#control) this.#end.watchHalfClosed();
    this.#proceed();
  }

  /** Goes on with the next request, if none is being answered. */
  #proceed(): void {
    if (!this.#control) this.#next();
    this.#hold();
    this.#reading.update();
  }

  /** Handles the next request, or decides what happens to a connection without one. */
  #next(): void {
    if (!this.#isClosed) {
      if (this.#closing || (!this.#admitted && this.#incoming.waiting > 0)) return;
      const replies = this.#replies;
      const { held } = this.#service.answering;
      if (replies.heldBytes >= this.#aheadBytes || 2 * held.bytes > held.max) replies.flush();
      // The next request is handled only when the system has taken the reply to the last one.
      if (replies.unsentBytes > 0) return;
    }
    const request = this.#incoming.next();
    sendTokens(this.#socket, this.#conversation);
    if (request) void this.#answer(request);
    else if (this.#isClosed) this.#over();
    else this.#rest();
  }

  /** Called when no request waits: closes the connection, or starts the time limit for the caller's next bytes. */
  #rest(): void {
    const { over, broken, partBytes } = this.#incoming;
    if (over || this.#finishing) {
      this.#replies.flush();
      if (this.#finishing) {
        this.#pace.rest();
        this.#socket.destroySoon();
      } else if (broken && this.#replies.unsentBytes === 0) this.#fail(this.#located(broken.error));
      else if (!broken) this.#close();
    } else if (partBytes > 0) this.#pace.more();
    else if (this.#answered && this.#replies.heldBytes === 0) this.#pace.next();
    else return;
    this.#answered = false;
  }

  /** Has a request handled, and sends the reply. */
  async #answer(request: Uint8Array): Promise<void> {
    const control = new AbortController();
    const { address, dialect, answering } = this.#service;
    this.#control = control;
    this.#satisfied = false;
    this.#pace.rest();
    if (this.#callerGone !== undefined) control.abort(this.#callerGone);
    else if (this.#ended) this.#end.watchHalfClosed();
    let answer: Message | undefined;
    const call = { request, peer: this.#peer, address, control };
    try {
      answer = await answering.answer(call);
    } catch (error) {
      this.#control = undefined;
      const isReported = isCallerGone(error, call);
      if (!isReported && this.#socket.destroyed) this.#service.answering.report(error, this.#peer);
      else if (!isReported) this.#fail(error);
      this.#goOn();
      return;
    } finally {
      this.#end.answered();
    }
    this.#control = undefined;
    this.#answered = true;
    this.#satisfied = true;
    if (!this.#socket.destroyed && answer !== undefined) {
      try {
        const parts = dialect.reply.encode(answer);
        this.#conversation?.begun();
        this.#reply(this.#conversation ? [...parts, ...this.#conversation.outgoing()] : parts);
      } catch (error) {
        this.#fail(this.#located(error));
      }
    }
    this.#goOn();
  }

  /** Goes on with the next request. If one waits, that is in the next round of the event loop, because a caller may have sent thousands. */
  #goOn(): void {
    if (this.#incoming.waiting > 0) setImmediate(() => this.#proceed());
    else this.#proceed();
  }

  /** Sends a reply, or lets it wait with others. */
  #reply(parts: readonly Uint8Array[]): void {
    const { oneMessage, room } = this.#service;
    const { held } = this.#service.answering;
    const isLast = oneMessage || this.#ended || this.#finishing || this.#conversation !== undefined;
    this.#replies.add(parts, isLast ? 'at once' : this.#incoming.heldBytes === 0 ? 'soon' : 'once read');
    if (this.#replies.heldBytes === 0) return;
    this.#pace.sending();
    this.#hold();
    if (!held.within) room.freeBytes(this);
  }

  /**
   * Closes our half after the last reply. Bytes that still arrive are dropped, and the socket is destroyed once the caller has closed its
   * half.
   */
  #close(): void {
    this.#closing = true;
    this.#pace.sending();
    this.#end.closeBehindReply();
  }

  /** True while there is room for more requests, or bytes are only read to be dropped. */
  get #mayRead(): boolean {
    if (this.#closing) return true;
    const { over, full, heldBytes, waiting } = this.#incoming;
    if (over || full || this.#replies.unsentBytes > 0) return false;
    if (this.#control === undefined && waiting === 0) return true;
    const { held } = this.#service.answering;
    // With tokens, nothing is read ahead, because an acknowledgement may have to arrive before the next request.
    if (this.#conversation !== undefined) return false;
    return heldBytes + this.#replies.heldBytes < this.#aheadBytes && 2 * held.bytes <= held.max;
  }

  /** True if the caller has got the replies to all of its requests. */
  get #isSatisfied(): boolean {
    const owed = this.#incoming.heldBytes + this.#replies.heldBytes;
    return this.#satisfied && !this.#control && owed === 0 && !this.#replies.failed;
  }

  /** Called when the caller has left. Requests that have arrived whole are handled all the same. */
  #callerLeft(error: unknown): void {
    if (this.#callerGone !== undefined) return;
    this.#callerGone = error;
    this.#service.answering.report(error, this.#peer);
    this.#control?.abort(error);
  }

  /** Closes the connection at once, and reports an error. */
  #fail(error: unknown): void {
    this.#incoming.drop();
    this.#replies.drop();
    this.#pace.rest();
    this.#socket.destroy();
    this.#service.room.leave(this);
    this.#hold();
    this.#service.answering.report(error, this.#peer);
  }

  /** Called when the socket is closed. */
  #closed(): void {
    this.#isClosed = true;
    this.#pace.rest();
    this.#end.stop();
    this.#replies.drop();
    this.#service.room.leave(this);
    this.#callerGone ??= callerGoneError(this.#service.address, this.#peer);
    this.#control?.abort(this.#callerGone);
    this.#hold();
    if (!this.#control) this.#next();
  }

  /** Updates the listener's count of held bytes with those of this connection. */
  #hold(): void {
    const { destroyed } = this.#socket;
    const part = destroyed ? this.#incoming.partBytes : 0;
    const bytes = this.#incoming.heldBytes - part + this.#replies.heldBytes;
    this.#service.answering.held.change(bytes - this.#holds);
    this.#holds = bytes;
  }

  /** Returns `error` with the listener's address, the caller's address and the first bytes of the caller's message, if any have arrived. */
  #located(error: unknown): unknown {
    const { head } = this.#incoming;
    return withAddress(this.#service.address, error, { peer: this.#peer, ...(head && { head }) });
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined ? 'a local process' : `${remoteAddress}:${remotePort}`;
}
