// One `docker exec` that carries messages to a port inside of a container, one at a time, and their replies back. At its
// other end runs exec-relay/relay.py, which draws the frames: kind, length (uint64), so many bytes.
import type { Duplex } from 'node:stream';
import {
  type ExchangeOptions,
  type FrameDecoder,
  type Message,
  type ReplyLimits,
  resolveReplyLimits,
  TransportError,
} from '@bridge/transport';
import { type CallerOptions, ReplyPace } from '@bridge/transport/tcp';
import { quoted } from '../../../errors/quoted.ts';
import { HeadedStream } from '../container/headed-stream.ts';
import { demultiplexer } from '../container/multiplexed.ts';
import { at, lost, unreached } from './exec-errors.ts';
import { Unwanted } from './unwanted.ts';

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

/** A message under way. */
interface Exchange extends ExchangeOptions {
  readonly decoder: FrameDecoder;
  /** The relay has it: what it says from here on is about this message, and not about the end of the connection before. */
  begun: boolean;
  /** A connection was made for it: from here on nothing proves that the model saw nothing. */
  connected: boolean;
  sent: boolean;
  replyBytes: number;
  resolve(reply: Uint8Array): void;
  reject(error: unknown): void;
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
  #exchange: Exchange | undefined;
  /** Set while a reply comes that has not come at once. */
  #pace: ReplyPace | undefined;
  #over = false;
  /** The body of a frame of errno, as it comes. */
  #errno = '';
  /** Set while it is being left. */
  #leaving: NodeJS.Timeout | undefined;
  readonly #unwanted: Unwanted;
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
    this.#unwanted = new Unwanted(this.#limits, { over: () => this.close(), drips: () => this.#hangUp() });
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
    return new Promise((resolve, reject) => {
      const steps = { begun: false, connected: false, sent: false };
      this.#exchange = { ...options, decoder, ...steps, replyBytes: 0, resolve, reject };
      this.#unwanted.reset();
      options.signal?.addEventListener('abort', this.#abort, { once: true });
      this.#stream.cork();
      this.#stream.write(head(dialect.request.endsStream ? 'F' : 'M', bytes));
      for (const part of parts) if (part.length > 0) this.#stream.write(part);
      this.#stream.uncork();
    });
  }

  /** Ends it. A message that was begun is finished in there. */
  close(): void {
    this.#over = true;
    this.#unwanted.end();
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
    const { begun = false, connected = false, sent = false } = this.#exchange ?? {};
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
    const exchange = this.#settle();
    const message = `the relay to ${this.#address} cannot be understood any more: ${why}`;
    const { replyBytes = 0 } = exchange ?? {};
    exchange?.reject(new TransportError('TRANSPORT_BAD_FRAME', message, { address: this.#address, replyBytes }));
    this.#stream.destroy();
  }

  #frame(kind: string, bytes: Uint8Array, last: boolean): void {
    if (this.#brokenBy !== undefined) return;
    const exchange = this.#exchange;
    if (kind === 'H') {
      this.#greeted = true;
      this.#started();
    } else if (kind === 'A' && exchange) {
      exchange.begun = true;
    } else if (!exchange?.begun) {
      const why = this.#unwanted.take(kind, bytes.length);
      if (why !== undefined) this.#break(why);
    } else if (kind === 'O') {
      exchange.connected = true;
      exchange.progress?.('connected');
    } else if (kind === 'S') {
      exchange.sent = true;
      exchange.progress?.('sent');
    } else if (kind === 'D') this.#data(bytes);
    else if (kind === 'E') this.#ended();
    else {
      this.#errno += Buffer.from(bytes).toString('latin1');
      if (!last) return;
      const errno = Number(this.#errno);
      this.#errno = '';
      this.#settle()?.reject(
        kind === 'U' && !exchange.connected && exchange.replyBytes === 0
          ? unreached(this.#address, errno)
          : lost(this.#address, exchange?.replyBytes ?? 0, `errno ${errno}`),
      );
    }
  }

  #data(bytes: Uint8Array): void {
    const exchange = this.#exchange;
    if (!exchange) return;
    exchange.replyBytes += bytes.length;
    exchange.progress?.('reading');
    try {
      const reply = exchange.decoder.push(bytes);
      if (!reply) {
        this.#pace ??= new ReplyPace(this.#limits, (error) => this.#giveUp(error));
        this.#pace.more(bytes.length, exchange.replyBytes, exchange.decoder.wholeBytes);
        return;
      }
      const { pendingBytes } = exchange.decoder;
      if (pendingBytes > 0) {
        const message = `${pendingBytes} bytes came behind a reply that says it has ${reply.length}`;
        throw new TransportError('TRANSPORT_BAD_FRAME', message, {
          replyBytes: reply.length,
          trailingBytes: pendingBytes,
        });
      }
      this.#settle();
      if (this.#options.dialect.connection !== 'persistent') this.#closeConnection();
      exchange.resolve(reply);
    } catch (error) {
      this.#fail(error);
    }
  }

  #ended(): void {
    const exchange = this.#exchange;
    if (!exchange) return;
    try {
      const reply = exchange.decoder.end();
      this.#settle();
      if (reply && exchange.replyBytes > 0) exchange.resolve(reply);
      else exchange.reject(lost(this.#address, exchange.replyBytes, 'closed by the model'));
    } catch (error) {
      this.#settle();
      exchange.reject(lost(this.#address, exchange.replyBytes, (error as Error).message, error));
    }
  }

  /** The reply is of no use: it is read to its end, for the model's sake, and the relay ends with it. */
  #fail(error: unknown): void {
    const exchange = this.#settle();
    this.#over = true;
    this.#unwanted.begin();
    exchange?.reject(at(this.#address, error));
  }

  /** The reply drips: the model hears that its connection is gone, as it would without the relay. */
  #giveUp(error: TransportError): void {
    const exchange = this.#settle();
    this.#hangUp();
    exchange?.reject(at(this.#address, error));
  }

  #hangUp(): void {
    this.#closeConnection();
    this.close();
  }

  /** Has the relay do it. */
  #closeConnection(): void {
    this.#stream.write(head(this.#options.dialect.close === 'reset' ? 'R' : 'C', 0));
  }

  readonly #abort = (): void => {
    const exchange = this.#settle();
    this.close();
    exchange?.reject(exchange.signal?.reason);
  };

  #lost(cause?: unknown): void {
    this.#over = true;
    this.#unwanted.end();
    const exchange = this.#settle();
    const why = quoted(this.#words.trim()) || 'the relay in the container ended';
    exchange?.reject(lost(this.#address, exchange.replyBytes, why, cause));
  }

  #settle(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    this.#pace?.end();
    this.#pace = undefined;
    exchange?.signal?.removeEventListener('abort', this.#abort);
    return exchange;
  }
}

function head(kind: 'M' | 'F' | 'C' | 'R', bytes: number): Uint8Array {
  const frame = new DataView(new ArrayBuffer(HEAD_BYTES));
  frame.setUint8(0, kind.charCodeAt(0));
  frame.setBigUint64(1, BigInt(bytes));
  return new Uint8Array(frame.buffer);
}
