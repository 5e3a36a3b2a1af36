// One `docker exec` that carries messages, one at a time, to a port inside of a container, and their replies back. Its peer is
// exec-relay/relay.py, which draws the frames: kind, length (uint64), and as many bytes as the length says.
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
/** The largest body of a frame that holds an errno as decimal digits. */
const ERRNO_BYTES = 8;
/** Frames that are read before the event loop gets a turn: a gibibyte in pieces of the relay's size. */
const FRAMES_AT_ONCE = 4096;
/** The largest piece of a reply. The relay's own pieces have a quarter of a mebibyte. */
const PIECE_BYTES = 2 ** 24;
/** The limit for the end of a relay that was told to end. It finishes its message first, for up to a minute. */
const LEAVING_MS = 65_000;

/** The steps that the relay has reported for a message. */
interface Steps {
  /** The relay has the message. Later frames are about this message, and not about the end of the connection before. */
  begun: boolean;
  /** A connection was made for the message. From here on nothing proves that the model did not see the message. */
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
  /** Output that is not a frame: the reason why Python could not be started, or a traceback. */
  #output = '';
  readonly #owner: ExchangeOwner;
  #exchange: Exchange | undefined;
  #steps: Steps = { begun: false, connected: false, sent: false };
  #over = false;
  /** The part of an errno that has arrived. */
  #errno = '';
  /** Set once the relay has been told to end. */
  #leaving: NodeJS.Timeout | undefined;
  readonly #discarded: DiscardedReply;
  /** Frames since the event loop last had a turn. */
  #frames = 0;

  /**
   * @param address the address of the model, for error messages
   * @param stream the exec's hijacked stream: its input is the relay's standard input, its output the relay's multiplexed output
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
    this.#discarded = new DiscardedReply(this.#limits, { over: () => this.close(), tooSlow: () => this.#hangUp() });
    const frames = new HeadedStream({
      headBytes: HEAD_BYTES,
      bodyBytes: (head) => this.#bodyBytes(head),
      piece: (head, bytes, last) => this.#frame(String.fromCharCode(head.getUint8(0)), bytes, last),
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#started = resolve;
      stream.once('close', () => {
        const reason = this.#brokenBy ?? quoted(this.#output.trim());
        const message = `no relay could be started for ${address}: ${reason || 'it ended at once'}`;
        reject(new TransportError('TRANSPORT_UNREACHABLE', message, { address }));
      });
    });
    this.#ready.catch(() => {});
    const streams = demultiplexer((source, bytes) => {
      this.#hasGreeting ||= source === 'stdout' && bytes[0] === GREETING;
      if (source === 'stdout' && this.#hasGreeting) frames.push(bytes);
      else this.#output = (this.#output + Buffer.from(bytes).toString('utf8')).slice(-KEPT_CHARACTERS);
    });
    stream.on('data', (chunk: Uint8Array) => {
      if (this.#brokenBy === undefined) streams.push(chunk);
      if (this.#frames > FRAMES_AT_ONCE) this.#yieldTurn();
    });
    stream.on('error', (error) => this.#lost(error));
    stream.on('close', () => this.#lost());
  }

  /**
   * Resolves when the relay has sent its greeting.
   * @throws TransportError TRANSPORT_UNREACHABLE if the relay does not start, for example because there is no Python
   */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** True once the channel takes no more messages: it was closed, or its relay has ended or broken the protocol. */
  get isOver(): boolean {
    return this.#over;
  }

  /** True if the channel can take a message. */
  get idle(): boolean {
    return !this.#over && !this.#exchange;
  }

  /**
   * Sends a message. Resolves with its reply. One exchange can be in progress at a time.
   * @throws TransportError, as a socket's carrier does; `signal.reason` when aborted
   */
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

  /** Ends the relay. It finishes a message that it has. */
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
  /** True once the greeting has begun. Earlier output comes from other programs. */
  #hasGreeting = false;

  /** The violation of the protocol, after which nothing is read any more. */
  #brokenBy: string | undefined;

  /**
   * Checks the head of a frame of the relay and returns the length of its body; 0 after a violation. The container belongs to the model,
   * so its Python, and the program that answers in place of the relay, may be any program.
   */
  #bodyBytes(head: DataView): number {
    this.#frames++;
    const kind = String.fromCharCode(head.getUint8(0));
    const bytes = Number(head.getBigUint64(1));
    const most = kind === 'D' ? PIECE_BYTES : kind === 'U' || kind === 'L' ? ERRNO_BYTES : 0;
    if (!'HAOSDEUL'.includes(kind)) this.#break('it sent an invalid frame');
    else if (bytes > most) this.#break(`it declared a frame of ${bytes} bytes: expected at most ${most}`);
    else if (kind === 'H' && this.#greeted) this.#break('it greeted twice');
    else if (kind === 'D' && bytes === 0) this.#break('it sent a part of a reply without bytes');
    else if (this.#isRepeated(kind)) this.#break('it reported a step of a message twice');
    return this.#brokenBy === undefined ? bytes : 0;
  }

  /** Returns true for a step that was reported before. Steps count as signs of life, so none may be repeated. */
  #isRepeated(kind: string): boolean {
    if (!this.#exchange) return false;
    const { begun, connected, sent } = this.#steps;
    return (kind === 'A' && begun) || (begun && ((kind === 'O' && connected) || (kind === 'S' && sent)));
  }

  /** Stops reading for one turn of the event loop. Otherwise a relay that sends many small frames would block everything else. */
  #yieldTurn(): void {
    this.#frames = 0;
    this.#stream.pause();
    setImmediate(() => this.#stream.resume());
  }

  #break(why: string): void {
    this.#brokenBy ??= why;
    this.#over = true;
    const exchange = this.#take();
    const message = `the relay to ${this.#address} broke its protocol: ${why}`;
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
      exchange.reportStep('connected');
    } else if (kind === 'S') {
      steps.sent = true;
      exchange.reportStep('sent');
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

  /** Rejects the exchange for an invalid reply. The reply is read to its end, so that the model can finish it. Then the relay ends. */
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

  /** Tells the relay to close its connection to the model. */
  #closeConnection(): void {
    this.#stream.write(head(this.#options.dialect.close === 'reset' ? 'R' : 'C', 0));
  }

  #lost(cause?: unknown): void {
    this.#over = true;
    this.#discarded.end();
    const exchange = this.#take();
    const why = quoted(this.#output.trim()) || 'the relay in the container ended';
    exchange?.reject(this.#lostBy(exchange, why, cause));
  }

  /** Removes the exchange from the channel and returns it. */
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
