// One connection of a caller. It sends a request and reads its reply, one exchange at a time. The reply is read straight into the memory
// that its framing asks for. request-writer.ts writes a request, close-socket.ts closes a connection, and ../exchange/exchange.ts reports an
// exchange to its caller.
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { withAddress } from '../errors/with-address.ts';
import type { ExchangeOptions } from '../exchange/carrier.ts';
import type { ExchangeOwner } from '../exchange/exchange.ts';
import { Conversation, hasTokens } from '../framing/dialect/conversation.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import { type CloseMode, closeSocket, resetSocket, whenFinished } from './close-socket.ts';
import type { Outgoing } from './outgoing.ts';
import { isStranger, wrongPeer } from './peer-check.ts';
import { RefusedReply } from './refused-reply.ts';
import { ReplyMemory } from './reply-memory.ts';
import type { RequestSink, RequestWriter } from './request-writer.ts';
import { SentRequest } from './sent-request.ts';
import { closedError, connectError, untakenError } from './stream-errors.ts';
import type { CallerOptions } from './stream-options.ts';

/** The address to connect to. */
export interface SocketTarget {
  readonly connect: NetConnectOpts;
  /** The address as messages show it. */
  readonly address: string;
  /** The port, if there are ports. */
  readonly port?: number;
}

const NOTHING: Uint8Array = new Uint8Array(0);

export class CallerConnection {
  readonly #target: SocketTarget;
  readonly #options: CallerOptions;
  readonly #socket: Socket;
  /** One decoder for all replies of the connection: Node asks for the memory of the next read before there is a next exchange. */
  readonly #decoder: FrameDecoder;
  readonly #memory: ReplyMemory;
  /** True if no replies come: an exchange is over when its request is in the system's hands. */
  readonly #oneWay: boolean;
  /** Set if anything but requests and replies goes over the connection. */
  readonly #conversation: Conversation | undefined;
  readonly #owner: ExchangeOwner;
  readonly #sink: RequestSink;
  /** The exchange under way. */
  #current: SentRequest | undefined;
  #connected = false;
  /** Set once the connection takes no further request: it is closed, closing, or was given up while it was being made. */
  #over = false;
  #refused: RefusedReply | undefined;
  #finished: Promise<void> | undefined;
  #lostBehind: Error | undefined;

  constructor(target: SocketTarget, options: CallerOptions) {
    this.#target = target;
    this.#options = options;
    this.#oneWay = options.dialect.reply.carriesNothing === true;
    const { dialect } = options;
    const { maxMessageBytes } = options.limits ?? {};
    const limits = maxMessageBytes === undefined ? undefined : { maxMessageBytes };
    const conversation = hasTokens(dialect) ? new Conversation('caller', dialect, limits) : undefined;
    this.#conversation = conversation;
    this.#decoder = conversation ?? dialect.reply.decoder(limits);
    // A decoder that cannot lend memory throws here, before anything is opened.
    this.#memory = new ReplyMemory(this.#decoder, (error) => this.#refuse(withAddress(target.address, error)));
    this.#socket = connect({
      ...target.connect,
      noDelay: true,
      onread: { buffer: () => this.#memory.lend(), callback: (bytes) => this.#read(bytes) },
    } as NetConnectOpts);
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
    return this.#connected && !this.#over && !this.#current;
  }

  /** Resolves when the connection need not be waited for any longer; undefined unless it was left with bytes that the peer has yet to take. */
  get finished(): Promise<void> | undefined {
    return this.#finished;
  }

  /** The error that ended the connection after its last request had been handed over: nobody knows how much of that was read. */
  get lostBehind(): Error | undefined {
    return this.#lostBehind;
  }

  /**
   * Sends a request and reads its reply, or hands the request over if no replies come. One at a time.
   * @throws TransportError; what the reply's framing throws; `signal.reason`, for which the connection is reset
   */
  exchange(request: Outgoing, options: ExchangeOptions): Promise<Uint8Array> {
    this.#current = new SentRequest(this.#owner, this.#sink, this.#decoder, request, options);
    const { reply } = this.#current.exchange;
    if (this.#connected) {
      this.#socket.ref();
      this.#proceed();
    }
    return reply;
  }

  /** Closes a connection that waits for a request. */
  close(): void {
    if (this.#current || this.#over) return;
    if (this.#oneWay) this.#finish();
    else {
      this.#end();
      this.#socket.destroySoon();
    }
  }

  /** Turns on TCP keep-alive probes, at this interval. */
  keepAlive(ms: number): void {
    this.#socket.setKeepAlive(true, ms);
  }

  /** Lets the process end while the connection is open. */
  unref(): void {
    this.#socket.unref();
  }

  #begin(): void {
    const wrong = wrongPeer(this.#socket, this.#target, this.#options);
    if (wrong) {
      resetSocket(this.#socket);
      this.#fail(wrong);
      return;
    }
    this.#connected = true;
    this.#current?.exchange.tell('connected');
    this.#proceed();
  }

  /** Sends the greetings and acknowledgements that are due, and the request if it is its turn. */
  #proceed(): void {
    const writer = this.#current?.writer;
    if (!this.#conversation) {
      writer?.begin();
      return;
    }
    this.#sendTokens(this.#conversation);
    if (writer && this.#conversation.mayBegin && !writer.isBegun) writer.begin();
  }

  /** Sends the tokens that are due: greetings and acknowledgements. They are small, so that nothing waits for the peer to take them. */
  #sendTokens(conversation: Conversation): void {
    for (const part of conversation.outgoing()) if (this.#socket.writable) this.#socket.write(part);
  }

  /** The socket was given all of a request, also of one that its caller has given up. */
  #given(writer: RequestWriter): void {
    const conversation = this.#conversation;
    const current = this.#current;
    if (conversation && current?.writer === writer) {
      current.round = conversation.rounds;
      try {
        conversation.begun();
        this.#sendTokens(conversation);
      } catch (error) {
        // The message of a token is made by the user's function, which may throw.
        this.#fail(withAddress(this.#target.address, error));
      }
    }
    if (this.#options.dialect.request.endsStream) this.#socket.end();
  }

  #sent(writer: RequestWriter): void {
    if (writer !== this.#current?.writer) return;
    this.#current.exchange.tell('sent');
    if (this.#oneWay) this.#handedOver();
  }

  #read(bytes: number): true {
    if (this.#oneWay && !this.#conversation?.listens) return true;
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
    } else if (!this.#over && !this.#readIdle(bytes)) {
      // A peer that speaks without being asked cannot be told apart from one that answers late.
      this.#end();
      this.#socket.destroy();
    }
    return true;
  }

  #answered(current: SentRequest, reply: Uint8Array): void {
    const { dialect } = this.#options;
    current.writer.finish();
    if (this.#conversation) this.#sendTokens(this.#conversation);
    this.#release();
    if (dialect.connection === 'persistent' && this.#socket.writable) this.#socket.unref();
    else {
      this.#end();
      setImmediate(() => {
        // A peer that answered before it had the whole message gets the rest. Otherwise it would wait for the rest for ever.
        this.#leave(this.#socket.writableLength > 0 ? 'delivered' : this.#closing);
      });
    }
    current.resolve(reply);
  }

  /** Goes on after bytes that may have completed a token: the next token or the request may be due, or an exchange without a reply be over. */
  #afterTokens(): void {
    this.#proceed();
    if (this.#oneWay) this.#handedOver();
  }

  /** Reads bytes that come between exchanges. Returns false unless they belong to a token that is due. */
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

  /** Ends an exchange without a reply, once the system has all of the request and the peer has acknowledged it, if it does so. */
  #handedOver(): void {
    const current = this.#current;
    if (!current?.writer.isGiven || this.#conversation?.rounds === current.round) return;
    this.#release();
    if (this.#options.dialect.connection === 'persistent' && this.#socket.writable) this.#socket.unref();
    else this.#finish();
    current.resolve(NOTHING);
  }

  /** Closes the connection without a reset, so that the system still delivers what was handed over. */
  #finish(): void {
    this.#leave(this.#options.dialect.close === 'peer' ? 'finish behind peer' : 'finish');
    this.#finished = whenFinished(this.#socket);
  }

  /** The dialect's way to close a connection; `fin` in place of a reset that would take back an acknowledgement sent behind the reply. */
  get #closing(): CloseMode {
    const { close = 'fin' } = this.#options.dialect;
    return this.#conversation && close === 'reset' ? 'fin' : close;
  }

  /** Stops decoding. The caller is told once the reply has ended, or nothing more of it comes. */
  #refuse(error: unknown): void {
    const over = (): void => {
      const { close = 'fin' } = this.#options.dialect;
      if (close === 'fin' || !this.#current) {
        this.#fail(error);
        return;
      }
      this.#current.writer.finish();
      const current = this.#release();
      // A silent peer may go on to send, and would die of a reset. It does not wait for our end of the stream, so it need not see one.
      this.#leave('drain');
      current?.reject(error);
    };
    this.#memory.end();
    this.#refused = new RefusedReply(error, {
      socket: this.#socket,
      limits: this.#options.limits,
      over,
      tooSlow: () => this.#fail(error),
    });
  }

  #ended(): void {
    const current = this.#current;
    if (!current) {
      this.#end();
      // After a close in the usual way, the kernel would keep the port of a program that has ended for a minute (TIME_WAIT).
      if (isStranger(this.#socket, this.#options)) resetSocket(this.#socket);
      return;
    }
    try {
      // Only a framing that ends with its stream has a message to give here.
      const reply = this.#refused ? undefined : current.exchange.end();
      if (!reply) {
        this.#lost();
        return;
      }
      this.#release();
      this.#leave('fin');
      current.resolve(reply);
    } catch (error) {
      this.#lost(error as Error);
    }
  }

  #lost(cause?: Error): void {
    const { address } = this.#target;
    const refused = this.#refused;
    refused?.end();
    if (!this.#current) {
      if (this.#oneWay && this.#connected) this.#lostBehind ??= cause;
      this.#fail(undefined);
    } else if (refused) this.#fail(refused.error);
    else if (!this.#connected && cause) this.#fail(connectError(address, cause));
    else if (this.#oneWay) this.#fail(untakenError(address, cause));
    else this.#fail(closedError(address, this.#current.exchange.replyBytes, cause));
  }

  #fail(error: unknown): void {
    const current = this.#release();
    if (current && this.#connected) {
      const isReset = this.#options.dialect.close === 'reset' || isStranger(this.#socket, this.#options);
      this.#leave(isReset ? 'reset' : 'fin');
    }
    this.#end();
    this.#socket.destroy();
    current?.reject(error);
  }

  /** The caller gives up: its exchange is rejected when this returns. */
  #abort(): void {
    const writer = this.#release()?.writer;
    // A reset tells the peer that nobody waits: one whose caller merely closes its half still sends its reply.
    if (this.#connected) this.#leave('reset');
    else {
      // A connection that is being made cannot be taken back, and there are peers that die of one that brings nothing: it goes on
      // to deliver its message, unless the process ends before.
      this.#end();
      this.#socket.unref();
      this.#socket.on('connect', () => {
        if (this.#socket.destroyed) return;
        if (!this.#conversation) writer?.begin(Number.POSITIVE_INFINITY);
        this.#socket.destroySoon();
      });
    }
  }

  #leave(how: CloseMode): void {
    this.#end();
    closeSocket(this.#socket, how);
  }

  /** From now on the connection takes no request, and bytes that come are dropped. */
  #end(): void {
    this.#over = true;
    this.#memory.end();
  }

  /** Takes the exchange off the connection. */
  #release(): SentRequest | undefined {
    const current = this.#current;
    this.#current = undefined;
    this.#refused?.told();
    return current;
  }
}
