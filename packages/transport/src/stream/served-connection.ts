// One connection of a listener: requests in, one at a time, and their replies out. Misconduct of the caller costs this connection and no
// other. A request that came whole is answered, or at least handled if its caller has left.
//
//   open ──first byte──▶ message ──whole──▶ answering ──▶ reply ──taken──▶ closing, or idle where connections are kept
//     └ firstByteMs         └ stallMs           └ handlerMs   └ takeMs         └ LINGER_MS        └ idleMs
import type { Socket } from 'node:net';
import { type Answering, isCallerGone } from '../answering/answering.ts';
import { CallerPace } from '../answering/caller-pace.ts';
import { overloadedError } from '../answering/limit-errors.ts';
import type { ListenLimits } from '../answering/listen-limits.ts';
import type { Occupant, OccupantState, Room } from '../answering/room.ts';
import { withAddress } from '../errors/with-address.ts';
import { Conversation, hasTokens } from '../framing/dialect/conversation.ts';
import type { SocketDialect } from '../framing/dialect/dialect.ts';
import type { Message } from '../framing/message.ts';
import { Incoming } from './incoming.ts';
import type { ReadBudget } from './read-budget.ts';
import { Reading } from './reading.ts';
import { Replies } from './replies.ts';
import { ServedEnd } from './served-end.ts';
import { goneError } from './stream-errors.ts';

/** The parts that all connections of a listener share. */
export interface Service {
  readonly address: string;
  readonly dialect: SocketDialect;
  readonly oneMessage: boolean;
  readonly limits: ListenLimits;
  readonly answering: Answering;
  readonly room: Room;
  readonly round: ReadBudget;
}

/** The most bytes that are read ahead while a request is being answered, and that replies may have before they leave. */
const AHEAD_BYTES = 64 * 2 ** 20;
/** One connection may hold at most 1 / AHEAD_SHARE of `maxHeldBytes` in that way. */
const AHEAD_SHARE = 8;

export class ServedConnection implements Occupant {
  readonly host: string;
  readonly #socket: Socket;
  readonly #service: Service;
  readonly #over: () => void;
  readonly #peer: string;
  /** Set if anything but requests and replies goes over the connection. */
  readonly #conversation: Conversation | undefined = undefined;
  readonly #incoming: Incoming;
  readonly #replies: Replies;
  readonly #pace: CallerPace;
  readonly #end: ServedEnd;
  readonly #reading: Reading;
  readonly #aheadBytes: number;
  #admitted = false;
  #silent = true;
  /** Set while a request is being answered. */
  #control: AbortController | undefined;
  /** True if a request was answered, and the time limit for the next one does not run yet. */
  #answered = false;
  /** True if all requests of the connection were answered. */
  #satisfied = false;
  #finishing = false;
  /** True if the peer has closed its half: nothing more will come. */
  #ended = false;
  #closing = false;
  /** Set once the caller has left: the error that says so. */
  #callerGone: unknown;
  #isClosed = false;
  /** Bytes of this connection in the count of held bytes. */
  #holds = 0;

  /** @param over called when the connection is closed and no request of it is left to be handled */
  constructor(socket: Socket, service: Service, over: () => void) {
    const { address, dialect, limits, oneMessage } = service;
    this.#socket = socket;
    this.#service = service;
    this.#over = over;
    this.#end = new ServedEnd(socket);
    this.#reading = new Reading(socket, service.round, () => this.#mayRead);
    this.host = socket.remoteAddress ?? 'a local process';
    this.#peer = peerOf(socket);
    this.#aheadBytes = Math.min(AHEAD_BYTES, limits.maxHeldBytes / AHEAD_SHARE);
    const { maxMessageBytes } = limits;
    let failed: { readonly error: unknown } | undefined;
    try {
      if (hasTokens(dialect)) this.#conversation = new Conversation('listener', dialect, { maxMessageBytes });
    } catch (error) {
      failed = { error };
    }
    const decoder = this.#conversation ?? dialect.request.decoder({ maxMessageBytes });
    this.#incoming = new Incoming(decoder, oneMessage, () => this.#conversation?.listens !== false);
    this.#pace = new CallerPace(
      limits,
      () => this.#incoming.partBytes,
      (error) => this.#fail(this.#located(error)),
    );
    this.#replies = new Replies(
      socket,
      limits.takeMs,
      () => !this.#reading.isPaused && !this.#ended,
      () => this.#proceed(),
    );
    socket.on('data', (chunk) => this.#take(chunk as Buffer));
    socket.on('end', () => this.#halfClosed());
    socket.on('timeout', () => this.#pace.untaken(this.#replies.unsentBytes));
    socket.on('error', (error) => {
      // A caller that has its reply may reset: that is one way of closing.
      if (!this.#isSatisfied) this.#callerLeft(goneError(address, this.#peer, error));
    });
    socket.on('close', () => this.#closed());
    if (failed) this.#fail(this.#located(failed.error));
    else this.#sendTokens();
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

  /** Ends the connection once the requests that came whole have their replies, and the replies have left. */
  finish(): void {
    this.#finishing = true;
    if (this.#closing) this.#socket.destroySoon();
    else this.#proceed();
  }

  /** Ends the connection now. */
  destroy(): void {
    this.#incoming.drop();
    this.#socket.destroy();
  }

  #take(chunk: Uint8Array): void {
    // Bytes that are thrown away cost a round as much.
    this.#reading.took(chunk.length);
    if (this.#closing || this.#finishing || this.#socket.destroyed) {
      this.#reading.update();
      return;
    }
    this.#silent = false;
    this.#replies.heard();
    this.#incoming.push(chunk);
    this.#sendTokens();
    this.#hold();
    const { room } = this.#service;
    const { held } = this.#service.answering;
    if (!held.within && !this.#control) {
      room.makeBytes(this);
      if (!held.within) {
        this.#fail(this.#located(overloadedError('maxHeldBytes', held.max)));
        return;
      }
    }
    this.#proceed();
  }

  #halfClosed(): void {
    this.#ended = true;
    this.#incoming.end();
    // Nothing more has to be read before the replies.
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

  #next(): void {
    if (!this.#isClosed) {
      if (this.#closing || (!this.#admitted && this.#incoming.waiting > 0)) return;
      const replies = this.#replies;
      const { held } = this.#service.answering;
      if (replies.heldBytes >= this.#aheadBytes || 2 * held.bytes > held.max) replies.flush();
      // The next request is handled only when the last one's reply was taken.
      if (replies.unsentBytes > 0) return;
    }
    const request = this.#incoming.next();
    this.#sendTokens();
    if (request) void this.#answer(request);
    else if (this.#isClosed) this.#over();
    else this.#rest();
  }

  /** No request waits: the connection is closed, or its caller has to go on. */
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
      const told = isCallerGone(error, call);
      if (!told && this.#socket.destroyed) this.#service.answering.tell(error, this.#peer);
      else if (!told) this.#fail(error);
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
        this.#reply([...parts, ...(this.#conversation?.outgoing() ?? [])]);
      } catch (error) {
        this.#fail(this.#located(error));
      }
    }
    this.#goOn();
  }

  /** Goes on with the next request, once the event loop has come round: a host may have sent thousands of them. */
  #goOn(): void {
    if (this.#incoming.waiting > 0) setImmediate(() => this.#proceed());
    else this.#proceed();
  }

  /** Sends the greetings and acknowledgements that the dialect lets this end send now. */
  #sendTokens(): void {
    for (const part of this.#conversation?.outgoing() ?? []) if (this.#socket.writable) this.#socket.write(part);
  }

  #reply(parts: readonly Uint8Array[]): void {
    const { oneMessage, room } = this.#service;
    const { held } = this.#service.answering;
    const isLast = oneMessage || this.#ended || this.#finishing || this.#conversation !== undefined;
    this.#replies.add(parts, isLast ? 'at once' : this.#incoming.heldBytes === 0 ? 'soon' : 'once read');
    if (this.#replies.heldBytes === 0) return;
    this.#pace.turn();
    this.#hold();
    if (!held.within) room.makeBytes(this);
  }

  /** Closes our half behind the reply. Bytes that still come are dropped, and the socket is destroyed once the peer has closed, too. */
  #close(): void {
    this.#closing = true;
    this.#pace.turn();
    this.#end.closeBehindReply();
  }

  /** True as long as there is room for more requests. Bytes that are dropped need none. */
  get #mayRead(): boolean {
    if (this.#closing) return true;
    const { over, full, heldBytes, waiting } = this.#incoming;
    if (over || full || this.#replies.unsentBytes > 0) return false;
    if (this.#control === undefined && waiting === 0) return true;
    const { held } = this.#service.answering;
    // If an acknowledgement may come between two messages, the next one waits for its turn.
    if (this.#conversation !== undefined) return false;
    return heldBytes + this.#replies.heldBytes < this.#aheadBytes && 2 * held.bytes <= held.max;
  }

  get #isSatisfied(): boolean {
    const owed = this.#incoming.heldBytes + this.#replies.heldBytes;
    return this.#satisfied && !this.#control && owed === 0 && !this.#replies.failed;
  }

  /** The caller has left. Requests that came whole are handled all the same. */
  #callerLeft(error: unknown): void {
    if (this.#callerGone !== undefined) return;
    this.#callerGone = error;
    this.#service.answering.tell(error, this.#peer);
    this.#control?.abort(error);
  }

  #fail(error: unknown): void {
    this.#incoming.drop();
    this.#replies.drop();
    this.#pace.rest();
    this.#socket.destroy();
    this.#service.room.leave(this);
    this.#hold();
    this.#service.answering.tell(error, this.#peer);
  }

  #closed(): void {
    this.#isClosed = true;
    this.#pace.rest();
    this.#end.stop();
    this.#replies.drop();
    this.#service.room.leave(this);
    this.#callerGone ??= goneError(this.#service.address, this.#peer);
    this.#control?.abort(this.#callerGone);
    this.#hold();
    if (!this.#control) this.#next();
  }

  /** Keeps count of the bytes in memory for this caller. */
  #hold(): void {
    const { destroyed } = this.#socket;
    const part = destroyed ? this.#incoming.partBytes : 0;
    const bytes = this.#incoming.heldBytes - part + this.#replies.heldBytes;
    this.#service.answering.held.change(bytes - this.#holds);
    this.#holds = bytes;
  }

  /** Returns an error with the two ends of the connection. */
  #located(error: unknown): unknown {
    const { head } = this.#incoming;
    return withAddress(this.#service.address, error, { peer: this.#peer, ...(head && { head }) });
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined ? 'a local process' : `${remoteAddress}:${remotePort}`;
}
