// One `docker exec` that carries messages to a port inside of a container, one at a time, and their replies back. At its
// other end runs exec-relay/relay.py, which draws the frames: kind, length (uint64), so many bytes.
import type { Duplex } from 'node:stream';
import {
  type ExchangeOptions,
  type Message,
  type ReplyLimits,
  resolveReplyLimits,
  TransportError,
} from '@bridge/transport';
import { Exchange, type ExchangeOwner, lostError, withAddress } from '@bridge/transport/internal';
import type { CallerOptions } from '@bridge/transport/tcp';
import { quoted } from '../../../errors/quoted.ts';
import { HeadedStream } from '../container/headed-stream.ts';
import { demultiplexer } from '../container/multiplexed.ts';
import { DiscardedReply } from './discarded-reply.ts';
import { unreached } from './exec-errors.ts';

const HEAD_BYTES = 9;
const GREETING = 'H'.charCodeAt(0);
const KEPT_CHARACTERS = 2000;
/** A number of errno, as text. */
const ERRNO_BYTES = 8;
/** Of the largest pieces: a gibibyte. */
const FRAMES_AT_ONCE = 4096;
/** The relay's pieces of a reply have a quarter of a mebibyte. */
const PIECE_BYTES = 2 ** 24;
/** A relay that was told to end finishes what it has, for a minute at most. */
const LEAVING_MS = 65_000;

/** How far the relay is with a message. */
interface Steps {
  /** The relay has it: what it says from here on is about this message, and not about the end of the connection before. */
  begun: boolean;
  /** A connection was made for it: from here on nothing proves that the model saw nothing. */
  connected: boolean;
  sent: boolean;
}

type ExecOptions = Pick<CallerOptions, 'dialect' | 'limits'>;

export class ExecChannel {
  readonly #address: string;
  readonly #stream: Duplex;
  readonly #options: ExecOptions;
  readonly #limits: ReplyLimits;
  readonly #ready: Promise<void>;
  /** What was said that is no frame: why Python could not be started, or a traceback. */
  #words = '';
  readonly #owner: ExchangeOwner;
  #exchange: Exchange | undefined;
  #steps: Steps = { begun: false, connected: false, sent: false };
  #over = false;
  /** The body of a frame of errno, as it comes. */
  #errno = '';
  /** Set while it is being left. */
  #leaving: NodeJS.Timeout | undefined;
  readonly #discarded: DiscardedReply;
  /** Taken since others last had their turn. */
  #frames = 0;

  /**
   * @param address for messages
   * @param stream the exec's, hijacked: what is written is its standard input
   */
  constructor(address: string, stream: Duplex, options: ExecOptions) {
    this.#address = address;
    this.#stream = stream;
    this.#options = options;
    this.#limits = resolveReplyLimits(options.limits);
    this.#owner = {
      address,
      limits: this.#limits,
      aborted: () => {
        this.#exchange = undefined;
        this.close();
      },
      tooSlow: (error) => {
        this.#hangUp();
        this.#take()?.reject(error);
      },
    };
    this.#discarded = new DiscardedReply(this.#limits, { over: () => this.close(), drips: () => this.#hangUp() });
    const frames = new HeadedStream({
      headBytes: HEAD_BYTES,
      bodyBytes: (head) => this.#bodyBytes(head),
      piece: (head, bytes, last) => this.#frame(String.fromCharCode(head.getUint8(0)), bytes, last),
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#started = resolve;
      stream.once('close', () => {
        const words = this.#brokenBy ?? quoted(this.#words.trim());
        const message = `no relay could be started for ${address}: ${words || 'it ended at once'}`;
        reject(new TransportError('TRANSPORT_UNREACHABLE', message, { address }));
      });
    });
    this.#ready.catch(() => {});
    const streams = demultiplexer((source, bytes) => {
      this.#speaks ||= source === 'stdout' && bytes[0] === GREETING;
      if (source === 'stdout' && this.#speaks) frames.push(bytes);
      else this.#words = (this.#words + Buffer.from(bytes).toString('utf8')).slice(-KEPT_CHARACTERS);
    });
    stream.on('data', (chunk: Uint8Array) => {
      if (this.#brokenBy === undefined) streams.push(chunk);
      if (this.#frames > FRAMES_AT_ONCE) this.#breathe();
    });
    stream.on('error', (error) => this.#lost(error));
    stream.on('close', () => this.#lost());
  }

  /** @throws TransportError TRANSPORT_UNREACHABLE where the relay does not start: there is no Python, say */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** Whether it can take a message. */
  get idle(): boolean {
    return !this.#over && !this.#exchange;
  }

  /** One at a time. @throws TransportError, as a socket's carrier does; `signal.reason` */
  exchange(request: Message, options: ExchangeOptions): Promise<Uint8Array> {
    const { dialect } = this.#options;
    const { maxMessageBytes } = this.#limits;
    const parts = dialect.request.encode(request);
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const decoder = dialect.reply.decoder({ maxMessageBytes });
    this.#exchange = new Exchange(this.#owner, decoder, options);
    this.#steps = { begun: false, connected: false, sent: false };
    const { reply } = this.#exchange;
    this.#discarded.reset();
    this.#stream.cork();
    this.#stream.write(head(dialect.request.endsStream ? 'F' : 'M', bytes));
    for (const part of parts) if (part.length > 0) this.#stream.write(part);
    this.#stream.uncork();
    return reply;
  }

  /** Ends it. A message that was begun is finished in there. */
  close(): void {
    this.#over = true;
    this.#discarded.end();
    this.#stream.end();
    this.#stream.resume();
    if (this.#leaving || this.#stream.destroyed) return;
    this.#leaving = setTimeout(() => this.#stream.destroy(), LEAVING_MS).unref();
    this.#stream.once('close', () => clearTimeout(this.#leaving));
  }

  unref(): void {
    (this.#stream as { unref?(): void }).unref?.();
  }

  #started: () => void = () => {};
  #greeted = false;
  /** Its greeting has begun: before it, whatever comes on standard output is somebody else's words. */
  #speaks = false;

  /** What is wrong with what was said. Nothing is read any more. */
  #brokenBy: string | undefined;

  /** The container is the model's: its Python, and whatever says that it is the relay, may be anything. */
  #bodyBytes(head: DataView): number {
    this.#frames++;
    const kind = String.fromCharCode(head.getUint8(0));
    const bytes = Number(head.getBigUint64(1));
    const most = kind === 'D' ? PIECE_BYTES : kind === 'U' || kind === 'L' ? ERRNO_BYTES : 0;
    if (!'HAOSDEUL'.includes(kind)) this.#break('what it says is no frame');
    else if (bytes > most) this.#break(`it declared ${bytes} bytes where at most ${most} may be`);
    else if (kind === 'H' && this.#greeted) this.#break('it greeted twice');
    else if (kind === 'D' && bytes === 0) this.#break('it sent a part of a reply that has no bytes');
    else if (this.#isSaidAgain(kind)) this.#break('it said twice of a message how far it is');
    return this.#brokenBy === undefined ? bytes : 0;
  }

  /** Signs of life count: none may be given for nothing. */
  #isSaidAgain(kind: string): boolean {
    if (!this.#exchange) return false;
    const { begun, connected, sent } = this.#steps;
    return (kind === 'A' && begun) || (begun && ((kind === 'O' && connected) || (kind === 'S' && sent)));
  }

  /** A stream is read until it is empty. One that is kept full of crumbs must not keep everybody else. */
  #breathe(): void {
    this.#frames = 0;
    this.#stream.pause();
    setImmediate(() => this.#stream.resume());
  }

  #break(why: string): void {
    this.#brokenBy ??= why;
    this.#over = true;
    const exchange = this.#take();
    const message = `the relay to ${this.#address} cannot be understood any more: ${why}`;
    const { replyBytes = 0 } = exchange ?? {};
    exchange?.reject(new TransportError('TRANSPORT_BAD_FRAME', message, { address: this.#address, replyBytes }));
    this.#stream.destroy();
  }

  #frame(kind: string, bytes: Uint8Array, last: boolean): void {
    if (this.#brokenBy !== undefined) return;
    const exchange = this.#exchange;
    const steps = this.#steps;
    if (kind === 'H') {
      this.#greeted = true;
      this.#started();
    } else if (kind === 'A' && exchange) {
      steps.begun = true;
    } else if (!exchange || !steps.begun) {
      const why = this.#discarded.take(kind, bytes.length);
      if (why !== undefined) this.#break(why);
    } else if (kind === 'O') {
      steps.connected = true;
      exchange.tell('connected');
    } else if (kind === 'S') {
      steps.sent = true;
      exchange.tell('sent');
    } else if (kind === 'D') this.#data(bytes);
    else if (kind === 'E') this.#ended();
    else {
      this.#errno += Buffer.from(bytes).toString('latin1');
      if (!last) return;
      const errno = Number(this.#errno);
      this.#errno = '';
      this.#take()?.reject(
        kind === 'U' && !steps.connected && exchange.replyBytes === 0
          ? unreached(this.#address, errno)
          : this.#lostBy(exchange, `errno ${errno}`),
      );
    }
  }

  #data(bytes: Uint8Array): void {
    const exchange = this.#exchange;
    if (!exchange) return;
    try {
      const reply = exchange.push(bytes);
      if (!reply) {
        exchange.keepPace(bytes.length);
        return;
      }
      this.#take();
      if (this.#options.dialect.connection !== 'persistent') this.#closeConnection();
      exchange.resolve(reply);
    } catch (error) {
      this.#fail(error);
    }
  }

  #ended(): void {
    const exchange = this.#take();
    if (!exchange) return;
    try {
      const reply = exchange.end();
      if (reply) exchange.resolve(reply);
      else exchange.reject(this.#lostBy(exchange, 'the model closed it'));
    } catch (error) {
      exchange.reject(this.#lostBy(exchange, 'the model closed it', error));
    }
  }

  #lostBy({ replyBytes }: Exchange, why: string, cause?: unknown): TransportError {
    return lostError(`${this.#address} lost the connection (${why})`, { address: this.#address, replyBytes }, cause);
  }

  /** The reply is of no use: it is read to its end, for the model's sake, and the relay ends with it. */
  #fail(error: unknown): void {
    const exchange = this.#take();
    this.#over = true;
    this.#discarded.begin();
    exchange?.reject(withAddress(this.#address, error));
  }

  #hangUp(): void {
    this.#closeConnection();
    this.close();
  }

  /** Has the relay do it. */
  #closeConnection(): void {
    this.#stream.write(head(this.#options.dialect.close === 'reset' ? 'R' : 'C', 0));
  }

  #lost(cause?: unknown): void {
    this.#over = true;
    this.#discarded.end();
    const exchange = this.#take();
    const why = quoted(this.#words.trim()) || 'the relay in the container ended';
    exchange?.reject(this.#lostBy(exchange, why, cause));
  }

  /** Takes the exchange off the channel. */
  #take(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    return exchange;
  }
}

function head(kind: 'M' | 'F' | 'C' | 'R', bytes: number): Uint8Array {
  const frame = new DataView(new ArrayBuffer(HEAD_BYTES));
  frame.setUint8(0, kind.charCodeAt(0));
  frame.setBigUint64(1, BigInt(bytes));
  return new Uint8Array(frame.buffer);
}
