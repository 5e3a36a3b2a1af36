// The calling side of a stream socket: a request out, a reply in, one at a time.
// The request leaves in one vectored write, or one for each slice of it; the reply is read straight into the memory that its
// framing asks for. What happens to the socket once nobody needs it is in leaving.ts.
import { connect, type NetConnectOpts, type Socket } from 'node:net';
import { withAddress } from '../errors/with-address.ts';
import type { ExchangeOptions } from '../exchange/carrier.ts';
import { HEAD_BYTES, headWith } from '../exchange/head.ts';
import { ReplyPace } from '../exchange/reply-pace.ts';
import { heed } from '../exchange/signal.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import { SPENT } from '../framing/no-reply.ts';
import { Conversation, hasTokens } from './dialect/conversation.ts';
import { finished, type Leaving, leave, reset } from './leaving.ts';
import type { Outgoing } from './outgoing.ts';
import { RefusedReply } from './refused-reply.ts';
import { connectError, lostError, ownPortError, strangerError, trailingError, untakenError } from './stream-errors.ts';
import type { CallerOptions } from './stream-options.ts';

/** Where to connect, and its name for messages. */
export interface SocketTarget {
  readonly connect: NetConnectOpts;
  readonly address: string;
  /** The port, where there are ports. */
  readonly port?: number;
}

/** A request and what is waited for in return. */
interface Exchange extends ExchangeOptions {
  readonly request: Outgoing;
  /** How much of the request the socket was given. */
  givenBytes: number;
  replyBytes: number;
  /** Its first bytes. */
  head: Uint8Array | undefined;
  /** Set where the request's memory was gone when it was written: its reply answers something else. */
  spoiled: unknown;
  /** The conversation's rounds when all of the request had been given; -1 before. */
  round: number;
  /** Lets go of its signal. */
  letGo: (() => void) | undefined;
  resolve(reply: Uint8Array): void;
  reject(error: unknown): void;
}

const NOTHING: Uint8Array = new Uint8Array(0);
/**
 * How much of a request the socket is given at once. As long as the peer takes it, the system goes on copying, and nothing
 * else runs here: 6 MB in one piece take 3 to 9 ms.
 */
const SLICE_BYTES = 1 << 20;
/** … and into how many slices at most a request is cut: of 100 MB a hundred took 2 % more of the time, 30 do not. */
const MOST_SLICES = 32;

export class CallerConnection {
  readonly #target: SocketTarget;
  readonly #options: CallerOptions;
  readonly #socket: Socket;
  /** One for the whole connection: a socket asks for the memory of its next read as soon as it has made one. */
  readonly #decoder: FrameDecoder;
  /** Where its first bytes land, until the socket has asked for it: it does so before it is there. */
  #lent: Uint8Array | undefined;
  /** Where the next bytes land, as the socket was told. */
  #memory: Uint8Array = NOTHING;
  /** Whether no replies come: an exchange is over when its request is in the system's hands. */
  readonly #oneWay: boolean;
  /** Where anything but requests and replies goes over it. */
  readonly #conversation: Conversation | undefined;
  #exchange: Exchange | undefined;
  #connected = false;
  /** Of no further use: over, or given up while it was being made. */
  #over = false;
  #refused: RefusedReply | undefined;
  /** Set while a reply comes that has not come at once. */
  #pace: ReplyPace | undefined;
  /** Set while a reply comes that is of no use. */
  #dropping: ReplyPace | undefined;
  #droppedBytes = 0;
  #finished: Promise<void> | undefined;
  #lostBehind: Error | undefined;

  constructor(target: SocketTarget, options: CallerOptions) {
    this.#target = target;
    this.#options = options;
    this.#oneWay = options.dialect.reply.carriesNothing === true;
    const { dialect } = options;
    const { maxMessageBytes } = options.limits ?? {};
    const limits = maxMessageBytes === undefined ? undefined : { maxMessageBytes };
    this.#conversation = hasTokens(dialect) ? new Conversation('caller', dialect, limits) : undefined;
    this.#decoder = this.#conversation ?? dialect.reply.decoder(limits);
    // One that cannot lend memory is found out before anything is opened.
    this.#lent = this.#decoder.space();
    this.#socket = connect({
      ...target.connect,
      noDelay: true,
      onread: { buffer: () => this.#lend(), callback: (bytes) => this.#read(bytes) },
    } as NetConnectOpts);
    this.#socket.on('connect', () => this.#begin());
    this.#socket.on('end', () => this.#ended());
    this.#socket.on('error', (error) => this.#lost(error));
    this.#socket.on('close', () => this.#lost());
  }

  /** Whether it stands and waits for a request. */
  get idle(): boolean {
    return this.#connected && !this.#over && !this.#exchange;
  }

  /** Where it was left with what the peer has yet to take: when it need not be waited for any longer. */
  get finished(): Promise<void> | undefined {
    return this.#finished;
  }

  /** What it was lost by after its last request had been handed over: nobody knows how much of that was read. */
  get lostBehind(): Error | undefined {
    return this.#lostBehind;
  }

  /**
   * Sends a request and reads its reply, or hands it over where none comes. One at a time.
   * @throws TransportError; what the reply's framing throws; `signal.reason`, for which the connection is reset
   */
  exchange(request: Outgoing, options: ExchangeOptions): Promise<Uint8Array> {
    const { signal, progress } = options;
    return new Promise<Uint8Array>((resolve, reject) => {
      const exchange: Exchange = {
        request,
        givenBytes: 0,
        signal,
        progress,
        replyBytes: 0,
        head: undefined,
        spoiled: undefined,
        round: -1,
        letGo: undefined,
        resolve,
        reject,
      };
      this.#exchange = exchange;
      if (signal) exchange.letGo = heed(signal, () => this.#abort(exchange));
      if (!this.#connected) return;
      this.#socket.ref();
      this.#proceed();
    });
  }

  /** Closes it where it waits for a request. */
  close(): void {
    if (this.#exchange || this.#over) return;
    if (this.#oneWay) this.#finish();
    else {
      this.#over = true;
      this.#socket.destroySoon();
    }
  }

  /** Has the system ask every so often whether the peer is still there. */
  keepAlive(ms: number): void {
    this.#socket.setKeepAlive(true, ms);
  }

  /** Keeps the process alive no longer. */
  unref(): void {
    this.#socket.unref();
  }

  #begin(): void {
    if (hasMetItself(this.#socket, this.#target.port)) {
      reset(this.#socket);
      this.#fail(connectError(this.#target.address, ownPortError(this.#target.port)));
      return;
    }
    if (this.#isStranger()) {
      reset(this.#socket);
      this.#fail(strangerError(this.#target.address));
      return;
    }
    this.#connected = true;
    this.#exchange?.progress?.('connected');
    this.#proceed();
  }

  /** Says what this end has to say now, and the request where its turn has come. */
  #proceed(): void {
    const exchange = this.#exchange;
    const conversation = this.#conversation;
    if (!conversation) {
      if (exchange) this.#write(exchange);
      return;
    }
    this.#say(conversation);
    if (exchange && conversation.mayBegin && exchange.givenBytes === 0 && exchange.round < 0) this.#write(exchange);
  }

  /** All of a request was given. What the user makes up for a token behind it may fail. */
  #begun(exchange: Exchange, conversation: Conversation): void {
    exchange.round = conversation.rounds;
    try {
      conversation.begun();
      this.#say(conversation);
    } catch (error) {
      this.#fail(withAddress(this.#target.address, error));
    }
  }

  /** Greetings and acknowledgements, which are small. */
  #say(conversation: Conversation): void {
    for (const part of conversation.outgoing()) if (this.#socket.writable) this.#socket.write(part);
  }

  /** Gives the socket a slice of the request, and the next one when the system has taken it. */
  #write(exchange: Exchange, bytes = sliceBytes(exchange.request)): void {
    const { request, givenBytes: start } = exchange;
    const end = Math.min(start + bytes, request.bytes);
    const isLast = end === request.bytes;
    exchange.givenBytes = end;
    exchange.spoiled ??= request.lostFrom(start);
    const socket = this.#socket;
    const isWaiting = this.#exchange === exchange;
    const chunks = request.chunks(start, end);
    const last = chunks.pop() ?? NOTHING;
    socket.cork();
    for (const chunk of chunks) socket.write(chunk);
    socket.write(last, (error) => {
      if (error) return;
      if (!isLast) setImmediate(() => this.#writeRest(exchange));
      else if (isWaiting) {
        exchange.progress?.('sent');
        if (this.#oneWay) this.#handedOver(exchange);
      }
    });
    if (isLast && this.#conversation) this.#begun(exchange, this.#conversation);
    if (isLast && this.#options.dialect.request.endsStream) socket.end();
    socket.uncork();
  }

  /** The same, where there is any left. All of it where nobody will wait for the reply any longer. */
  #writeRest(exchange: Exchange, bytes?: number): void {
    // Never before its turn.
    if (this.#conversation && exchange.givenBytes === 0) return;
    if (exchange.givenBytes < exchange.request.bytes && !this.#socket.destroyed) this.#write(exchange, bytes);
  }

  #lend(): Uint8Array {
    this.#memory = this.#space();
    return this.#memory;
  }

  #space(): Uint8Array {
    const lent = this.#lent;
    this.#lent = undefined;
    if (lent) return lent;
    try {
      if (!this.#refused && !this.#over) return this.#decoder.space();
    } catch (error) {
      this.#refuse(error);
    }
    return SPENT;
  }

  #read(bytes: number): boolean {
    if (this.#oneWay && !this.#conversation?.listens) return true;
    const exchange = this.#exchange;
    if (exchange?.progress) {
      if (exchange.replyBytes < HEAD_BYTES) exchange.head = headWith(exchange.head, this.#memory.subarray(0, bytes));
      exchange.progress('reading', exchange.head);
    }
    if (this.#dropping) {
      this.#droppedBytes += bytes;
      this.#dropping.more(bytes, this.#droppedBytes, undefined);
      return true;
    }
    if (exchange) {
      exchange.replyBytes += bytes;
      try {
        const reply = this.#decoder.filled(bytes);
        if (reply) this.#whole(exchange, reply);
        else {
          if (this.#conversation) this.#heard(exchange);
          if (this.#exchange === exchange) this.#paced(exchange, bytes);
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

  #paced({ replyBytes }: Exchange, bytes: number): void {
    this.#pace ??= new ReplyPace(this.#options.limits, (error) => this.#fail(withAddress(this.#target.address, error)));
    this.#pace.more(bytes, replyBytes, this.#decoder.wholeBytes);
  }

  #whole(exchange: Exchange, reply: Uint8Array): void {
    // What comes behind a reply may be a token whose turn has come.
    if (this.#conversation) this.#decoder.push();
    const { pendingBytes } = this.#decoder;
    if (pendingBytes > 0 && !this.#conversation?.listens)
      throw trailingError(this.#target.address, reply.length, pendingBytes);
    const { dialect } = this.#options;
    this.#writeRest(exchange, Number.POSITIVE_INFINITY);
    if (this.#conversation) this.#say(this.#conversation);
    this.#settle();
    if (dialect.connection === 'persistent' && this.#socket.writable) this.#socket.unref();
    else {
      this.#over = true;
      setImmediate(() => {
        // It answered before it had the whole message: that is finished, or it would wait for the rest for ever.
        this.#leave(this.#socket.writableLength > 0 ? 'delivered' : this.#closing);
      });
    }
    answer(exchange, reply);
  }

  /** Something came that is no reply: what follows it may be ours, or the end of an exchange without one. */
  #heard(exchange: Exchange): void {
    this.#proceed();
    if (this.#oneWay) this.#handedOver(exchange);
  }

  /** The same between exchanges; false where nothing should have come. */
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

  /** The system has all of a request to which no reply comes, and the peer has acknowledged it where it does so. */
  #handedOver(exchange: Exchange): void {
    if (this.#exchange !== exchange || exchange.givenBytes < exchange.request.bytes) return;
    if (this.#conversation?.rounds === exchange.round) return;
    this.#settle();
    if (this.#options.dialect.connection === 'persistent' && this.#socket.writable) this.#socket.unref();
    else this.#finish();
    answer(exchange, NOTHING);
  }

  /** Leaves with nothing taken back of what was handed over. */
  #finish(): void {
    this.#leave(this.#options.dialect.close === 'peer' ? 'finish behind peer' : 'finish');
    this.#finished = finished(this.#socket);
  }

  /** A reset would take back what this end has said behind the reply. */
  get #closing(): Leaving {
    const { close = 'fin' } = this.#options.dialect;
    return this.#conversation && close === 'reset' ? 'fin' : close;
  }

  #refuse(error: unknown): void {
    const over = (): void => {
      const { close = 'fin' } = this.#options.dialect;
      if (close !== 'fin' && this.#exchange) this.#writeRest(this.#exchange, Number.POSITIVE_INFINITY);
      const exchange = close === 'fin' ? undefined : this.#settle();
      // Silent is not over: a peer that is still at it would die of a reset, and one that waits for no end of ours need
      // not see one.
      if (exchange) this.#leave('drain');
      else this.#fail(withAddress(this.#target.address, error));
      exchange?.reject(exchange.spoiled ?? withAddress(this.#target.address, error));
    };
    this.#pace?.end();
    this.#refused = new RefusedReply(this.#socket, error, over);
    // Also when its caller has been told: a peer that drips is not left to do so.
    this.#dropping = new ReplyPace(this.#options.limits, () => this.#fail(withAddress(this.#target.address, error)));
  }

  #ended(): void {
    const exchange = this.#exchange;
    if (!exchange) {
      this.#over = true;
      // Answered in the usual way the kernel would keep the port of a program that has ended for a minute.
      if (this.#isStranger()) reset(this.#socket);
      return;
    }
    try {
      // Only a framing that ends with its stream has a message to give here.
      const reply = this.#refused ? undefined : this.#decoder.end();
      if (reply && exchange.replyBytes > 0) {
        this.#settle();
        this.#leave('fin');
        answer(exchange, reply);
      } else this.#lost();
    } catch (error) {
      this.#lost(error as Error);
    }
  }

  #lost(cause?: Error): void {
    const { address } = this.#target;
    this.#dropping?.end();
    if (!this.#exchange) {
      if (this.#oneWay && this.#connected) this.#lostBehind ??= cause;
      this.#fail(undefined);
    } else if (this.#refused) this.#fail(withAddress(address, this.#refused.error));
    else if (!this.#connected && cause) this.#fail(connectError(address, cause));
    else if (this.#oneWay) this.#fail(untakenError(address, cause));
    else this.#fail(lostError(address, this.#exchange.replyBytes, cause));
  }

  #fail(error: unknown): void {
    const exchange = this.#settle();
    const { dialect } = this.#options;
    if (exchange && this.#connected) this.#leave(dialect.close === 'reset' || this.#isStranger() ? 'reset' : 'fin');
    this.#over = true;
    this.#socket.destroy();
    exchange?.reject(exchange.spoiled ?? error);
  }

  #abort(exchange: Exchange): void {
    // A signal of the caller's own making may fire again, or when its exchange is over.
    if (this.#exchange !== exchange) return;
    this.#settle();
    // A connection being made cannot be taken back, and there are peers that die of one that brings nothing: it goes on
    // to deliver its message, unless the process ends before. Afterwards a reset tells the peer from one who merely
    // closed his half and still wants his reply.
    if (this.#connected) this.#leave('reset');
    else {
      this.#over = true;
      this.#socket.unref();
      this.#socket.on('connect', () => {
        if (this.#socket.destroyed) return;
        if (!this.#conversation) this.#write(exchange, Number.POSITIVE_INFINITY);
        this.#socket.destroySoon();
      });
    }
    exchange.reject(exchange.signal?.reason);
  }

  /** Whether it is known that whom messages are meant for is not there any more. */
  #isStranger(): boolean {
    return this.#options.isPeer?.(this.#socket.localPort) === false;
  }

  #leave(how: Leaving): void {
    this.#over = true;
    leave(this.#socket, how);
  }

  /** The exchange that is over, once. */
  #settle(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#refused?.end();
    this.#refused = undefined;
    this.#pace?.end();
    this.#pace = undefined;
    exchange?.letGo?.();
    return exchange;
  }
}

function sliceBytes({ bytes }: Outgoing): number {
  return Math.max(SLICE_BYTES, Math.ceil(bytes / MOST_SLICES));
}

/** Whether nobody listens, and the system happened to choose the very port as ours. */
function hasMetItself(socket: Socket, port: number | undefined): boolean {
  const { localPort } = socket;
  return localPort !== undefined && localPort === port && socket.localAddress === socket.remoteAddress;
}

/** A whole reply came: it counts, unless what it answers is not what the caller meant to send. */
function answer({ spoiled, resolve, reject }: Exchange, reply: Uint8Array): void {
  if (spoiled === undefined) resolve(reply);
  else reject(spoiled);
}
