// The calling side of a stream socket: a request out, a reply in, one at a time. The reply is read straight into the memory that its
// framing asks for. How a request is written is in request-writer.ts, how a connection is left in leaving.ts, and what a caller is told
// of its exchange in ../exchange/exchange.ts.
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { withAddress } from '../errors/with-address.ts';
import type { ExchangeOptions } from '../exchange/carrier.ts';
import { Exchange, type ExchangeOwner } from '../exchange/exchange.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import { DROPPED } from '../framing/no-reply.ts';
import { type CloseMode, closeSocket, resetSocket, whenFinished } from './close-socket.ts';
import { Conversation, hasTokens } from './dialect/conversation.ts';
import type { Outgoing } from './outgoing.ts';
import { RefusedReply } from './refused-reply.ts';
import { type RequestSink, RequestWriter } from './request-writer.ts';
import { closedError, connectError, ownPortError, strangerError, untakenError } from './stream-errors.ts';
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
  /** Memory for the first read. Node asks for it inside `connect`, when `this` is not complete. */
  #firstMemory: Uint8Array | undefined;
  /** Memory that the socket reads into. */
  #memory: Uint8Array = NOTHING;
  /** True if no replies come: an exchange is over when its request is in the system's hands. */
  readonly #oneWay: boolean;
  /** Set if anything but requests and replies goes over the connection. */
  readonly #conversation: Conversation | undefined;
  readonly #owner: ExchangeOwner;
  readonly #sink: RequestSink;
  /** The exchange under way, and its request. */
  #exchange: Exchange | undefined;
  #request: RequestWriter | undefined;
  /** The conversation's rounds when the socket had been given all of the request; -1 before. */
  #round = -1;
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
    this.#firstMemory = this.#decoder.space();
    this.#socket = connect({
      ...target.connect,
      noDelay: true,
      onread: { buffer: () => this.#lend(), callback: (bytes) => this.#read(bytes) },
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
      ...(conversation && { trailingBytes: () => trailingIn(conversation) }),
    };
    this.#sink = {
      socket: this.#socket,
      given: (request) => this.#given(request),
      sent: (request) => this.#sent(request),
    };
  }

  /** True if the connection stands and waits for a request. */
  get idle(): boolean {
    return this.#connected && !this.#over && !this.#exchange;
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
    this.#exchange = new Exchange(this.#owner, this.#decoder, options);
    this.#request = new RequestWriter(this.#sink, request);
    this.#round = -1;
    const { reply } = this.#exchange;
    if (this.#connected) {
      this.#socket.ref();
      this.#proceed();
    }
    return reply;
  }

  /** Closes a connection that waits for a request. */
  close(): void {
    if (this.#exchange || this.#over) return;
    if (this.#oneWay) this.#finish();
    else {
      this.#over = true;
      this.#socket.destroySoon();
    }
  }

  /** Has the system ask at this interval whether the peer is still there. */
  keepAlive(ms: number): void {
    this.#socket.setKeepAlive(true, ms);
  }

  /** Lets the process end while the connection is open. */
  unref(): void {
    this.#socket.unref();
  }

  #begin(): void {
    if (hasMetItself(this.#socket, this.#target.port)) {
      resetSocket(this.#socket);
      this.#fail(connectError(this.#target.address, ownPortError(this.#target.port)));
      return;
    }
    if (this.#isStranger()) {
      resetSocket(this.#socket);
      this.#fail(strangerError(this.#target.address));
      return;
    }
    this.#connected = true;
    this.#exchange?.tell('connected');
    this.#proceed();
  }

  /** Sends the greetings and acknowledgements that are due, and the request if it is its turn. */
  #proceed(): void {
    const request = this.#request;
    if (!this.#conversation) {
      request?.begin();
      return;
    }
    this.#say(this.#conversation);
    if (request && this.#conversation.mayBegin && !request.isBegun) request.begin();
  }

  /** Greetings and acknowledgements are small. */
  #say(conversation: Conversation): void {
    for (const part of conversation.outgoing()) if (this.#socket.writable) this.#socket.write(part);
  }

  /** The socket was given all of a request, also of one that its caller has given up. */
  #given(request: RequestWriter): void {
    const conversation = this.#conversation;
    if (conversation && request === this.#request) {
      this.#round = conversation.rounds;
      try {
        conversation.begun();
        this.#say(conversation);
      } catch (error) {
        // The message of a token is made by the user's function, which may throw.
        this.#fail(withAddress(this.#target.address, error));
      }
    }
    if (this.#options.dialect.request.endsStream) this.#socket.end();
  }

  #sent(request: RequestWriter): void {
    if (request !== this.#request) return;
    this.#exchange?.tell('sent');
    if (this.#oneWay) this.#handedOver();
  }

  #lend(): Uint8Array {
    this.#memory = this.#space();
    return this.#memory;
  }

  #space(): Uint8Array {
    const first = this.#firstMemory;
    this.#firstMemory = undefined;
    if (first) return first;
    try {
      if (!this.#refused && !this.#over) return this.#decoder.space();
    } catch (error) {
      this.#refuse(withAddress(this.#target.address, error));
    }
    return DROPPED;
  }

  #read(bytes: number): true {
    if (this.#oneWay && !this.#conversation?.listens) return true;
    const exchange = this.#exchange;
    if (this.#refused) {
      exchange?.drop(bytes, this.#memory);
      this.#refused.dropped(bytes);
    } else if (exchange) {
      try {
        const reply = exchange.filled(bytes, this.#memory);
        if (reply) this.#answered(exchange, reply);
        else {
          if (this.#conversation) this.#heard();
          exchange.keepPace(bytes);
        }
      } catch (error) {
        this.#refuse(error);
      }
    } else if (!this.#over && !this.#heardIdle(bytes)) {
      // A peer that speaks without being asked cannot be told apart from one that answers late.
      this.#over = true;
      this.#socket.destroy();
    }
    return true;
  }

  #answered(exchange: Exchange, reply: Uint8Array): void {
    const { dialect } = this.#options;
    const request = this.#request;
    request?.finish();
    if (this.#conversation) this.#say(this.#conversation);
    this.#release();
    if (dialect.connection === 'persistent' && this.#socket.writable) this.#socket.unref();
    else {
      this.#over = true;
      setImmediate(() => {
        // A peer that answered before it had the whole message gets the rest, or it would wait for that for ever.
        this.#leave(this.#socket.writableLength > 0 ? 'delivered' : this.#closing);
      });
    }
    settle(exchange, request, reply);
  }

  /** A token came: what follows it may be ours, or it may end an exchange without a reply. */
  #heard(): void {
    this.#proceed();
    if (this.#oneWay) this.#handedOver();
  }

  /** Takes a token that comes between exchanges. Returns false for anything else. */
  #heardIdle(bytes: number): boolean {
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
    const exchange = this.#exchange;
    const request = this.#request;
    if (!exchange || !request?.isGiven || this.#conversation?.rounds === this.#round) return;
    this.#release();
    if (this.#options.dialect.connection === 'persistent' && this.#socket.writable) this.#socket.unref();
    else this.#finish();
    settle(exchange, request, NOTHING);
  }

  /** Leaves in a way that takes back nothing of what was handed over. */
  #finish(): void {
    this.#leave(this.#options.dialect.close === 'peer' ? 'finish behind peer' : 'finish');
    this.#finished = whenFinished(this.#socket);
  }

  /** The dialect's way to close a connection, but no reset that would take back an acknowledgement sent behind the reply. */
  get #closing(): CloseMode {
    const { close = 'fin' } = this.#options.dialect;
    return this.#conversation && close === 'reset' ? 'fin' : close;
  }

  /** Stops decoding. The caller is told once the reply has ended, or nothing more of it comes. */
  #refuse(error: unknown): void {
    const over = (): void => {
      const { close = 'fin' } = this.#options.dialect;
      if (close === 'fin' || !this.#exchange) {
        this.#fail(error);
        return;
      }
      this.#request?.finish();
      const end = this.#release();
      // Silent is not over: a peer that still sends would die of a reset, and one that waits for no end of ours need not see one.
      this.#leave('drain');
      end?.(error);
    };
    this.#refused = new RefusedReply(error, {
      socket: this.#socket,
      limits: this.#options.limits,
      over,
      tooSlow: () => this.#fail(error),
    });
  }

  #ended(): void {
    const exchange = this.#exchange;
    const request = this.#request;
    if (!exchange) {
      this.#over = true;
      // Closed in the usual way, the kernel would keep the port of a program that has ended for a minute.
      if (this.#isStranger()) resetSocket(this.#socket);
      return;
    }
    try {
      // Only a framing that ends with its stream has a message to give here.
      const reply = this.#refused ? undefined : exchange.end();
      if (!reply) {
        this.#lost();
        return;
      }
      this.#release();
      this.#leave('fin');
      settle(exchange, request, reply);
    } catch (error) {
      this.#lost(error as Error);
    }
  }

  #lost(cause?: Error): void {
    const { address } = this.#target;
    const refused = this.#refused;
    refused?.end();
    if (!this.#exchange) {
      if (this.#oneWay && this.#connected) this.#lostBehind ??= cause;
      this.#fail(undefined);
    } else if (refused) this.#fail(refused.error);
    else if (!this.#connected && cause) this.#fail(connectError(address, cause));
    else if (this.#oneWay) this.#fail(untakenError(address, cause));
    else this.#fail(closedError(address, this.#exchange.replyBytes, cause));
  }

  #fail(error: unknown): void {
    const end = this.#release();
    const { dialect } = this.#options;
    if (end && this.#connected) this.#leave(dialect.close === 'reset' || this.#isStranger() ? 'reset' : 'fin');
    this.#over = true;
    this.#socket.destroy();
    end?.(error);
  }

  /** The caller gives up: its exchange is rejected when this returns. */
  #abort(): void {
    const request = this.#request;
    this.#release();
    // A reset tells the peer that nobody waits: one whose caller merely closes its half still sends its reply.
    if (this.#connected) this.#leave('reset');
    else {
      // A connection that is being made cannot be taken back, and there are peers that die of one that brings nothing: it goes on
      // to deliver its message, unless the process ends before.
      this.#over = true;
      this.#socket.unref();
      this.#socket.on('connect', () => {
        if (this.#socket.destroyed) return;
        if (!this.#conversation) request?.begin(Number.POSITIVE_INFINITY);
        this.#socket.destroySoon();
      });
    }
  }

  /** Returns whether it is known that another peer listens there by now. */
  #isStranger(): boolean {
    return this.#options.isPeer?.(this.#socket.localPort) === false;
  }

  #leave(how: CloseMode): void {
    this.#over = true;
    closeSocket(this.#socket, how);
  }

  /** Takes the exchange off the connection. Returns a function that rejects it; undefined if there was none. */
  #release(): ((error: unknown) => void) | undefined {
    const exchange = this.#exchange;
    const request = this.#request;
    this.#exchange = undefined;
    this.#request = undefined;
    this.#refused?.told();
    return exchange && ((error) => exchange.reject(request?.request.lost ?? error));
  }
}

/** Returns how many bytes behind a reply do not belong there. They may be a token whose turn has come. */
function trailingIn(conversation: Conversation): number {
  conversation.push();
  return conversation.listens ? 0 : conversation.pendingBytes;
}

/** Returns whether nobody listens, and the system chose that very port for our end. */
function hasMetItself(socket: Socket, port: number | undefined): boolean {
  const { localPort } = socket;
  return localPort !== undefined && localPort === port && socket.localAddress === socket.remoteAddress;
}

/** Settles an exchange whose whole reply came. The reply counts, unless it answers something else than the caller meant to send. */
function settle(exchange: Exchange, request: RequestWriter | undefined, reply: Uint8Array): void {
  const lost = request?.request.lost;
  if (lost) exchange.reject(lost);
  else exchange.resolve(reply);
}
