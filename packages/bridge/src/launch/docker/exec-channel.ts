// One `docker exec` that carries messages to a port inside of a container, one at a time, and their replies back. At its
// other end runs exec-relay/relay.py, which draws the frames: kind, length (uint64), so many bytes.
import type { Duplex } from 'node:stream';
import {
  type ExchangeOptions,
  type FrameDecoder,
  isTransportError,
  type Message,
  TransportError,
} from '@bridge/transport';
import type { SocketOptions } from '@bridge/transport/tcp';
import { HeadedStream } from './headed-stream.ts';
import { demultiplexer } from './multiplexed.ts';

const HEAD_BYTES = 9;
const ECONNREFUSED = 111;
const KEPT_CHARACTERS = 2000;

/** A message under way. */
interface Exchange extends ExchangeOptions {
  readonly decoder: FrameDecoder;
  /** The relay has it: what it says from here on is about this message, and not about the end of the connection before. */
  begun: boolean;
  replyBytes: number;
  resolve(reply: Uint8Array): void;
  reject(error: unknown): void;
}

export class ExecChannel {
  readonly #address: string;
  readonly #stream: Duplex;
  readonly #options: SocketOptions;
  readonly #ready: Promise<void>;
  /** What was said that is no frame: why Python could not be started, or a traceback. */
  #words = '';
  #exchange: Exchange | undefined;
  #over = false;
  /** The body of a frame of errno, as it comes. */
  #errno = '';

  /**
   * @param address for messages
   * @param stream the exec's, hijacked: what is written is its standard input
   */
  constructor(address: string, stream: Duplex, options: SocketOptions) {
    this.#address = address;
    this.#stream = stream;
    this.#options = options;
    const frames = new HeadedStream({
      headBytes: HEAD_BYTES,
      bodyBytes: (head) => Number(head.getBigUint64(1)),
      piece: (head, bytes, last) => this.#frame(String.fromCharCode(head.getUint8(0)), bytes, last),
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#started = resolve;
      stream.once('close', () => {
        const message = `no relay could be started for ${address}: ${this.#words.trim() || 'it ended at once'}`;
        reject(new TransportError('TRANSPORT_UNREACHABLE', message, { address }));
      });
    });
    this.#ready.catch(() => {});
    const streams = demultiplexer((source, bytes) => {
      if (source === 'stdout' && !this.#broken(bytes)) frames.push(bytes);
      else this.#words = (this.#words + Buffer.from(bytes).toString('utf8')).slice(-KEPT_CHARACTERS);
    });
    stream.on('data', (chunk: Uint8Array) => streams.push(chunk));
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
    const { dialect, limits } = this.#options;
    const parts = dialect.request.encode(request);
    const bytes = parts.reduce((sum, { length }) => sum + length, 0);
    const decoder = dialect.reply.decoder(limits);
    return new Promise((resolve, reject) => {
      this.#exchange = { ...options, decoder, begun: false, replyBytes: 0, resolve, reject };
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
    this.#stream.end();
    this.#stream.resume();
  }

  unref(): void {
    (this.#stream as { unref?(): void }).unref?.();
  }

  #started: () => void = () => {};
  #greeted = false;

  /** Before its greeting, whatever comes on standard output is somebody else's words. */
  #broken(bytes: Uint8Array): boolean {
    return !this.#greeted && bytes[0] !== 'H'.charCodeAt(0);
  }

  #frame(kind: string, bytes: Uint8Array, last: boolean): void {
    const exchange = this.#exchange;
    if (kind === 'H') {
      this.#greeted = true;
      this.#started();
    } else if (kind === 'A') {
      if (exchange) exchange.begun = true;
    } else if (!exchange?.begun) return;
    else if (kind === 'O') exchange?.progress?.('connected');
    else if (kind === 'S') exchange?.progress?.('sent');
    else if (kind === 'D') this.#data(bytes);
    else if (kind === 'E') this.#ended();
    else {
      this.#errno += Buffer.from(bytes).toString('latin1');
      if (!last) return;
      const errno = Number(this.#errno);
      this.#errno = '';
      this.#settle()?.reject(
        kind === 'U'
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
      if (!reply) return;
      const { pendingBytes } = exchange.decoder;
      if (pendingBytes > 0) {
        const message = `${pendingBytes} bytes came behind a reply that says it has ${reply.length}`;
        throw new TransportError('TRANSPORT_BAD_FRAME', message, {
          replyBytes: reply.length,
          trailingBytes: pendingBytes,
        });
      }
      this.#settle();
      const { connection, close } = this.#options.dialect;
      if (connection !== 'persistent') this.#stream.write(head(close === 'reset' ? 'R' : 'C', 0));
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

  /** The reply is of no use: the relay reads it to its end, and ends with it. */
  #fail(error: unknown): void {
    const exchange = this.#settle();
    this.close();
    exchange?.reject(at(this.#address, error));
  }

  readonly #abort = (): void => {
    const exchange = this.#settle();
    this.close();
    exchange?.reject(exchange.signal?.reason);
  };

  #lost(cause?: unknown): void {
    this.#over = true;
    const exchange = this.#settle();
    const why = this.#words.trim() || 'the relay in the container ended';
    exchange?.reject(lost(this.#address, exchange.replyBytes, why, cause));
  }

  #settle(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
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

function unreached(address: string, errno: number): TransportError {
  if (errno === ECONNREFUSED)
    return new TransportError('TRANSPORT_REFUSED', `nothing listens at ${address}`, { address });
  const message = `${address} cannot be reached: errno ${errno}`;
  return new TransportError('TRANSPORT_UNREACHABLE', message, { address, errno });
}

function lost(address: string, replyBytes: number, why: string, cause?: unknown): TransportError {
  const inside = replyBytes > 0;
  return new TransportError(
    inside ? 'TRANSPORT_CLOSED_INSIDE_REPLY' : 'TRANSPORT_CLOSED_BEFORE_REPLY',
    `the connection to ${address} was lost ${inside ? `inside its reply, after ${replyBytes} bytes` : 'before its reply'}: ${why}`,
    { address, replyBytes },
    cause === undefined ? {} : { cause },
  );
}

/** A framing's error, with the address it came from. */
function at(address: string, error: unknown): unknown {
  if (!isTransportError(error)) return error;
  const { code, message, detail, fault } = error;
  return new TransportError(code, `${address}: ${message}`, { ...detail, address }, { fault, cause: error });
}
