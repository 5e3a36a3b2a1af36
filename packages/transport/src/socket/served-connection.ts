// One connection of a listener: requests in, one at a time, and their replies out. Whatever its caller does, it costs this
// connection and no other.
//
//   open ──first byte──▶ message ──whole──▶ answering ──▶ reply ──taken──▶ closing, or idle where connections are kept
//     └ firstByteMs         └ stallMs           └ handlerMs   └ takeMs         └ LINGER_MS        └ idleMs
import type { Socket } from 'node:net';
import { isTransportError } from '../errors.ts';
import { Conversation, hasTokens } from '../framing/conversation.ts';
import type { FrameDecoder } from '../framing/framing.ts';
import { bytesOf, checkMessage, type Message } from '../message.ts';
import type { SocketDialect } from './dialect.ts';
import { at, goneError } from './errors.ts';
import type { Handlers } from './handlers.ts';
import { headWith } from './head.ts';
import type { HeldBytes } from './held-bytes.ts';
import { overloadedError } from './limit-errors.ts';
import type { ListenLimits } from './listen-limits.ts';
import { Pace } from './pace.ts';
import { LONGEST_MS, Timer } from './timer.ts';

/** What all connections of a listener share. */
export interface Service {
  readonly address: string;
  readonly dialect: SocketDialect;
  readonly oneMessage: boolean;
  readonly limits: ListenLimits;
  readonly held: HeldBytes;
  readonly handlers: Handlers;
  /** Told of what failed. Never throws. */
  readonly tell: (error: unknown, peer: string) => void;
}

/** How long a peer may take to close its half once it has its last reply. */
const LINGER_MS = 5_000;
/** How often one who has closed his half is looked for, while his answer is made. */
const WATCH_MS = 200;
const NOTHING: Uint8Array = new Uint8Array(0);

export class ServedConnection {
  readonly #socket: Socket;
  readonly #service: Service;
  readonly #decoder: FrameDecoder;
  /** Where anything but requests and replies goes over it. */
  readonly #conversation: Conversation | undefined = undefined;
  readonly #peer: string;
  readonly #pace: Pace;
  readonly #linger = new Timer();
  /** Of the request that is being answered. */
  #control: AbortController | undefined;
  #finishing = false;
  /** The peer has closed its half: nothing more will come. */
  #ended = false;
  #watcher: NodeJS.Timeout | undefined;
  /** The last reply has left as a whole, and no request has come since. */
  #replied = false;
  /** Bytes of this connection among those that are held for all. */
  #holds = 0;
  #unsentBytes = 0;
  /** Its first bytes, until they are a whole message: they tell what its caller speaks. */
  #head: Uint8Array | undefined;
  #asked = false;

  constructor(socket: Socket, service: Service) {
    this.#socket = socket;
    this.#service = service;
    const { dialect, limits } = service;
    let failed: { readonly error: unknown } | undefined;
    try {
      if (hasTokens(dialect)) this.#conversation = new Conversation('listener', dialect, limits);
    } catch (error) {
      failed = { error };
    }
    this.#decoder = this.#conversation ?? dialect.request.decoder(limits);
    this.#peer = peerOf(socket);
    socket.on('data', (chunk) => {
      if (!this.#asked) this.#head = headWith(this.#head, chunk as Buffer);
      this.#take(() => this.#decoder.push(chunk as Buffer));
    });
    socket.on('end', () => this.#end());
    socket.on('timeout', () => this.#pace.untaken(this.#unsentBytes));
    socket.on('error', (error) => {
      // Whoever has his reply may reset: it is one way of closing.
      if (!this.#replied || this.#decoder.pendingBytes > 0) this.#fail(goneError(service.address, this.#peer, error));
    });
    socket.on('close', () => this.#closed());
    const received = (): number => this.#decoder.pendingBytes;
    this.#pace = new Pace(service.limits, received, (error) => this.#fail(this.#here(error)));
    if (failed) this.#fail(this.#here(failed.error));
    else this.#say();
  }

  /** Ends the connection once the request being answered has its reply, and the reply has left. */
  finish(): void {
    this.#finishing = true;
    if (this.#control) return;
    this.#pace.rest();
    this.#socket.destroySoon();
  }

  /** Ends it now. */
  destroy(): void {
    this.#socket.destroy();
  }

  #take(next: () => Uint8Array | undefined): void {
    if (this.#control || this.#finishing || this.#socket.destroyed) return;
    try {
      const request = next();
      this.#say();
      this.#hold();
      if (request) void this.#answer(request);
      else if (this.#decoder.pendingBytes > 0) this.#pace.more();
    } catch (error) {
      this.#fail(this.#here(error));
    }
  }

  async #answer(request: Uint8Array): Promise<void> {
    const control = new AbortController();
    this.#control = control;
    this.#asked = true;
    this.#head = undefined;
    this.#replied = false;
    this.#pace.rest();
    this.#socket.pause();
    if (this.#ended) this.#watch();
    let reply: Message;
    try {
      const { address, handlers } = this.#service;
      reply = await handlers.answer({ request, peer: this.#peer, address, control });
    } catch (error) {
      // A handler that gives up because its caller has gone: that has been told.
      const told = error === control.signal.reason && isTransportError(error, 'TRANSPORT_CALLER_GONE');
      if (!told) this.#fail(error);
      return;
    } finally {
      clearInterval(this.#watcher);
    }
    try {
      checkMessage(reply);
      const parts = this.#service.dialect.reply.encode(reply);
      if (this.#socket.destroyed) return;
      this.#conversation?.begun();
      this.#reply([...parts, ...(this.#conversation?.outgoing() ?? [])]);
    } catch (error) {
      this.#fail(this.#here(error));
      return;
    }
    this.#control = undefined;
    if (this.#finishing || this.#service.oneMessage) {
      this.#close();
      return;
    }
    this.#pace.next();
    this.#take(() => this.#decoder.push());
    if (this.#control) return;
    if (this.#ended) this.#end();
    else this.#socket.resume();
  }

  /** Greetings and acknowledgements whose turn has come. */
  #say(): void {
    for (const part of this.#conversation?.outgoing() ?? []) if (this.#socket.writable) this.#socket.write(part);
  }

  #reply(parts: Message): void {
    const socket = this.#socket;
    const last = parts.length - 1;
    this.#replied = parts.length === 0;
    this.#unsentBytes = bytesOf(parts);
    const left = (error?: Error | null): void => {
      this.#replied = !error;
      this.#unsentBytes = 0;
      socket.setTimeout(0);
      if (!socket.destroyed) this.#holdNow();
    };
    socket.cork();
    for (const [i, part] of parts.entries()) socket.write(part, i === last ? left : undefined);
    socket.uncork();
    if (socket.writableLength === 0) return;
    const { takeMs } = this.#service.limits;
    if (takeMs !== Number.POSITIVE_INFINITY) socket.setTimeout(Math.min(takeMs, LONGEST_MS));
    this.#holdNow();
  }

  /** Closes our half behind the reply. What still comes is not for us; the socket goes once the peer has closed too. */
  #close(): void {
    const socket = this.#socket;
    this.#pace.rest();
    const linger = (): void => this.#linger.set(LINGER_MS, () => socket.destroy());
    if (socket.writableFinished) linger();
    else socket.once('finish', linger);
    socket.end();
    socket.removeAllListeners('data');
    socket.resume();
  }

  #end(): void {
    this.#ended = true;
    if (this.#control) this.#watch();
    if (this.#control || this.#socket.writableEnded) return;
    this.#take(() => this.#decoder.end());
    if (!this.#control) this.#close();
  }

  /**
   * One who has closed his half waits for his answer, or has closed the whole and gone: to the reading side that is the
   * same. Writing tells them apart, also where it writes nothing: the system refuses it once nobody is there.
   */
  #watch(): void {
    const look = (): void => {
      if (this.#socket.destroyed) clearInterval(this.#watcher);
      else this.#socket.write(NOTHING);
    };
    look();
    this.#watcher = setInterval(look, WATCH_MS);
  }

  #fail(error: unknown): void {
    this.#socket.destroy();
    this.#service.tell(error, this.#peer);
  }

  #closed(): void {
    this.#pace.rest();
    this.#linger.stop();
    this.#service.held.change(-this.#holds);
    this.#holds = 0;
    this.#control?.abort(goneError(this.#service.address, this.#peer));
  }

  /** Keeps account of what is in memory for this caller. */
  #holdNow(): boolean {
    const bytes = this.#decoder.pendingBytes + this.#unsentBytes;
    const within = this.#service.held.change(bytes - this.#holds);
    this.#holds = bytes;
    return within;
  }

  /** @throws TransportError TRANSPORT_OVERLOADED where that makes too much of it */
  #hold(): void {
    if (!this.#holdNow()) throw overloadedError('maxHeldBytes', this.#service.held.max);
  }

  /** What a framing throws, with the two ends of the connection. */
  #here(error: unknown): unknown {
    return at(this.#service.address, error, { peer: this.#peer, ...(this.#head && { head: this.#head }) });
  }
}

function peerOf({ remoteAddress, remotePort }: Socket): string {
  return remoteAddress === undefined ? 'a local process' : `${remoteAddress}:${remotePort}`;
}
