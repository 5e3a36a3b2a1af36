// One connection of a caller. It sends a request and reads its reply, one exchange at a time. Replies are read directly into the memory
// that their decoder lends. request-writer.ts writes the request, one-way-delivery.ts decides when a message without a reply is delivered,
// caller-closing.ts closes the connection, and ../exchange/exchange.ts settles the promise of an exchange.
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { withAddress } from '../errors/with-address.ts';
import type { ExchangeOptions } from '../exchange/carrier.ts';
import type { ExchangeOwner } from '../exchange/exchange.ts';
import type { Conversation } from '../framing/dialect/conversation.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import { CallerClosing } from './caller-closing.ts';
import { resetSocket } from './close-socket.ts';
import { OneWayDelivery } from './one-way-delivery.ts';
import type { OutgoingMessage } from './outgoing-message.ts';
import { checkPeer } from './peer-check.ts';
import { RefusedReplyDrain } from './refused-reply-drain.ts';
import { ReplyMemory } from './reply-memory.ts';
import type { RequestSink, RequestWriter } from './request-writer.ts';
import { SocketExchange } from './socket-exchange.ts';
import { closedError, connectError, untakenError } from './stream-errors.ts';
import type { CheckedCallerOptions } from './stream-options.ts';
import { openReader, sendTokens } from './tokens.ts';

/** The address to connect to. */
export interface SocketTarget {
  readonly connect: NetConnectOpts;
  /** The address, as errors show it. */
  readonly address: string;
  /** The port; a Unix socket has none. */
  readonly port?: number;
}

const NOTHING: Uint8Array = new Uint8Array(0);

export class CallerConnection {
  readonly #target: SocketTarget;
  readonly #options: CheckedCallerOptions;
  readonly #socket: Socket;
  /**
   * The decoder of all replies of the connection. There is only one, because Node asks for the memory of a read before the next exchange.
   */
  readonly #decoder: FrameDecoder;
  readonly #memory: ReplyMemory;
  /** Set for a dialect without replies. */
  readonly #oneWay: OneWayDelivery | undefined;
  /** Set if the dialect has tokens (greetings and acknowledgements). It is then the decoder as well. */
  readonly #conversation: Conversation | undefined;
  readonly #owner: ExchangeOwner;
  readonly #sink: RequestSink;
  readonly #closing: CallerClosing;
  /** The exchange in progress. */
  #current: SocketExchange | undefined;
  #connected = false;
  /** Set while the rest of a reply is read that was refused. */
  #refused: RefusedReplyDrain | undefined;

  constructor(target: SocketTarget, options: CheckedCallerOptions) {
    this.#target = target;
    this.#options = options;
    const { dialect } = options;
    const { conversation, decoder } = openReader('caller', dialect, options.frameLimits);
    this.#conversation = conversation;
    this.#decoder = decoder;
    // A decoder that cannot lend memory throws here, before anything is opened.
    this.#memory = new ReplyMemory(this.#decoder, (error) => this.#refuse(withAddress(target.address, error)));
    this.#socket = connect({
      ...target.connect,
      noDelay: true,
      onread: { buffer: () => this.#memory.lend(), callback: (bytes) => this.#read(bytes) },
    } as NetConnectOpts);
    this.#oneWay = dialect.reply.carriesNothing ? new OneWayDelivery(this.#socket, dialect, conversation) : undefined;
    this.#closing = new CallerClosing(this.#socket, options, this.#memory, conversation !== undefined);
    this.#socket.on('connect', () => this.#begin());
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('error', (error) => this.#lost(error));
    this.#socket.on('close', () => this.#lost());
    this.#owner = {
      address: target.address,
      showsHead: true,
      limits: options.limits,
      aborted: () => this.#abort(),
      tooSlow: (error) => this.#fail(error),
      ...(conversation && { trailingBytes: () => conversation.trailingBytes() }),
    };
    this.#sink = {
      socket: this.#socket,
      given: (writer) => this.#given(writer),
      sent: (writer) => this.#sent(writer),
    };
  }

  /** True if the connection is established and waits for a request. */
  get idle(): boolean {
    return this.#connected && !this.#closing.isOver && !this.#current;
  }

  /** Set once a connection without replies is being closed: resolves when its delivery need not be waited for any longer. */
  get finished(): Promise<void> | undefined {
    return this.#oneWay?.finished;
  }

  /** The error that ended a connection without replies after the system had the last request. The peer may not have read all of it. */
  get lostBehind(): Error | undefined {
    return this.#oneWay?.lost;
  }

  /**
   * Sends a request and resolves with its reply, or once the system has the request if there are no replies. Call it only while `idle`, or
   * for the first exchange.
   * @throws TransportError; what the reply's framing throws; `signal.reason` if the signal aborts, which resets the connection
   */
  exchange(request: OutgoingMessage, options: ExchangeOptions): Promise<Uint8Array> {
    this.#current = new SocketExchange(this.#owner, this.#sink, this.#decoder, request, options);
    const { reply } = this.#current.exchange;
    if (this.#connected) {
      this.#socket.ref();
      this.#proceed();
    }
    return reply;
  }

  /** Closes a connection that waits for a request. */
  close(): void {
    if (this.#current || this.#closing.isOver) return;
    if (this.#oneWay) this.#oneWay.finish(this.#closing);
    else this.#closing.afterWrites();
  }

  /** Turns on TCP keep-alive probes at an interval of `ms` milliseconds. */
  keepAlive(ms: number): void {
    this.#socket.setKeepAlive(true, ms);
  }

  /** Lets the process end while the connection is open. */
  unref(): void {
    this.#socket.unref();
  }

  /** Called when the connection is established. */
  #begin(): void {
    try {
      checkPeer(this.#socket, this.#target, this.#options);
    } catch (error) {
      resetSocket(this.#socket);
      this.#fail(error);
      return;
    }
    this.#connected = true;
    this.#current?.exchange.reportStep('connected');
    this.#proceed();
  }

  /** Sends the tokens that are due, and the request if it may be sent. */
  #proceed(): void {
    const writer = this.#current?.writer;
    sendTokens(this.#socket, this.#conversation);
    if (writer && !writer.isBegun && this.#conversation?.mayBegin !== false) writer.begin();
  }

  /** Called when the socket has all of a request, even of one that was aborted. */
  #given(writer: RequestWriter): void {
    const conversation = this.#conversation;
    const current = this.#current;
    if (conversation && current?.writer === writer) {
      current.round = conversation.rounds;
      try {
        conversation.begun();
        sendTokens(this.#socket, conversation);
      } catch (error) {
        // The user's function that returns a token's message may throw.
        this.#fail(withAddress(this.#target.address, error));
      }
    }
    if (this.#options.dialect.request.endsStream) this.#socket.end();
  }

  /** Called when the system has all of a request. */
  #sent(writer: RequestWriter): void {
    if (writer !== this.#current?.writer) return;
    this.#current.exchange.reportStep('sent');
    this.#delivered();
  }

  /** Called when bytes were read into the memory that was lent last. Returns true, which makes Node read on. */
  #read(bytes: number): true {
    if (this.#oneWay?.dropsBytes) return true;
    const current = this.#current;
    if (this.#refused) {
      current?.exchange.drop(bytes, this.#memory.last);
      this.#refused.dropped(bytes);
    } else if (current) {
      try {
        const { last, isShared } = this.#memory;
        const reply = isShared ? current.exchange.push(last.subarray(0, bytes)) : current.exchange.filled(bytes, last);
        if (reply) this.#answered(current, reply);
        else {
          if (this.#conversation) this.#afterTokens();
          current.exchange.keepPace(bytes);
        }
      } catch (error) {
        this.#refuse(error);
      }
    } else if (!this.#closing.isOver && !this.#readIdle(bytes)) {
      // Bytes that arrive between exchanges may be a late reply to an earlier request, so the connection cannot be used any more.
      this.#closing.destroy();
    }
    return true;
  }

  /** Settles an exchange whose reply is whole. */
  #answered(current: SocketExchange, reply: Uint8Array): void {
    const { dialect } = this.#options;
    current.writer.finish();
    sendTokens(this.#socket, this.#conversation);
    this.#release();
    if (dialect.connection === 'persistent' && this.#socket.writable) this.#socket.unref();
    else this.#closing.afterReply();
    current.resolve(reply);
  }

  /**
   * Called after bytes that may have completed a token. Then the next token or the request may be due, or an exchange without a reply be
   * over.
   */
  #afterTokens(): void {
    this.#proceed();
    this.#delivered();
  }

  /** Reads bytes that arrive between exchanges. Returns false unless they belong to a token that is due. */
  #readIdle(bytes: number): boolean {
    if (!this.#conversation?.listens) return false;
    try {
      this.#decoder.filled(bytes);
      this.#proceed();
      return true;
    } catch {
      return false;
    }
  }

  /** Resolves an exchange without a reply, if it is over. */
  #delivered(): void {
    const current = this.#current;
    if (!current || !this.#oneWay?.isOver(current)) return;
    this.#release();
    if (this.#options.dialect.connection === 'persistent' && this.#socket.writable) this.#socket.unref();
    else this.#oneWay.finish(this.#closing);
    current.resolve(NOTHING);
  }

  /**
   * Refuses a reply that cannot be decoded. The rest of the reply is read and dropped. The exchange is rejected when the peer closes the
   * connection, when nothing more arrives for a while, or when refused-reply-drain.ts has read for long enough.
   */
  #refuse(error: unknown): void {
    const over = (): void => {
      const { close = 'fin' } = this.#options.dialect;
      if (close === 'fin' || !this.#current) {
        this.#fail(error);
        return;
      }
      this.#current.writer.finish();
      const current = this.#release();
      // A peer that is silent now may go on to send, and would die of a reset. So the connection is drained, and our half stays open.
      this.#closing.leave('drain');
      current?.reject(error);
    };
    this.#memory.end();
    this.#refused = new RefusedReplyDrain(error, {
      socket: this.#socket,
      limits: this.#options.limits,
      over,
      tooSlow: () => this.#fail(error),
    });
  }

  /** Called when the peer has closed its half. */
  #ended(): void {
    const current = this.#current;
    if (!current) {
      this.#closing.afterPeer();
      return;
    }
    try {
      // Only a framing whose messages end with the stream returns a message here.
      const reply = this.#refused ? undefined : current.exchange.end();
      if (!reply) {
        this.#lost();
        return;
      }
      this.#release();
      this.#closing.leave('fin');
      current.resolve(reply);
    } catch (error) {
      this.#lost(error as Error);
    }
  }

  /** Called when the socket is closed or has failed: rejects the exchange in progress, if there is one. */
  #lost(cause?: Error): void {
    const { address } = this.#target;
    const refused = this.#refused;
    refused?.end();
    if (!this.#current) {
      if (this.#connected) this.#oneWay?.lostBehind(cause);
      this.#fail(undefined);
    } else if (refused) this.#fail(refused.error);
    else if (!this.#connected && cause) this.#fail(connectError(address, cause));
    else if (this.#oneWay) this.#fail(untakenError(address, cause));
    else this.#fail(closedError(address, this.#current.exchange.replyBytes, cause));
  }

  /** Closes the connection, and rejects the exchange in progress. */
  #fail(error: unknown): void {
    const current = this.#release();
    if (current && this.#connected) this.#closing.afterFailure();
    this.#closing.destroy();
    current?.reject(error);
  }

  /** Called when the caller aborts. Its exchange is rejected after this returns. */
  #abort(): void {
    const writer = this.#release()?.writer;
    // A reset shows the peer that nobody waits. If this end only closed its half, the peer would still send its reply.
    if (this.#connected) this.#closing.leave('reset');
    else this.#closing.afterMessage(writer);
  }

  /** Takes the exchange off the connection, and returns it. */
  #release(): SocketExchange | undefined {
    const current = this.#current;
    this.#current = undefined;
    this.#refused?.reported();
    return current;
  }
}
