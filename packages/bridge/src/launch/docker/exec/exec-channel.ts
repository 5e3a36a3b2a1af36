// One `docker exec` that carries messages, one at a time, to a port inside of a container, and their replies back. Its peer is
// exec-relay/relay.py. relay-reader.ts reads its output; this file knows what each frame means for the message in progress.
import type { Duplex } from 'node:stream';
import {
  type ExchangeOptions,
  type Message,
  messageBytes,
  type ReplyLimits,
  resolveReplyLimits,
  TransportError,
} from '@bridge/transport';
import { Exchange, type ExchangeOwner, lostError, withAddress } from '@bridge/transport/internal';
import type { CallerOptions } from '@bridge/transport/tcp';
import { DiscardedReply } from './discarded-reply.ts';
import { relayOver, unreached } from './exec-errors.ts';
import { MessageSteps } from './message-steps.ts';
import { relayHead } from './relay-frames.ts';
import { RelayReader } from './relay-reader.ts';

/** Frames that are read before the event loop gets a turn: a gibibyte in pieces of the relay's size. */
const FRAMES_AT_ONCE = 4096;
/** The limit for the end of a relay that was told to end. It finishes its message first, for up to a minute. */
const LEAVING_MS = 65_000;

type ExecOptions = Pick<CallerOptions, 'dialect' | 'limits'>;

export class ExecChannel {
  readonly #address: string;
  readonly #stream: Duplex;
  readonly #options: ExecOptions;
  readonly #limits: ReplyLimits;
  readonly #ready: Promise<void>;
  readonly #reader: RelayReader;
  readonly #owner: ExchangeOwner;
  #exchange: Exchange | undefined;
  #steps = new MessageSteps();
  #over = false;
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
    let greeted = (): void => {};
    this.#reader = new RelayReader({
      greeted: () => greeted(),
      frame: (kind, bytes) => this.#frame(kind, bytes),
      broken: (why) => this.#broken(why),
    });
    this.#ready = new Promise((resolve, reject) => {
      greeted = resolve;
      stream.once('close', () => {
        const message = `no relay could be started for ${address}: ${this.#reader.explanation || 'it ended at once'}`;
        reject(new TransportError('TRANSPORT_UNREACHABLE', message, { address }));
      });
    });
    this.#ready.catch(() => {});
    stream.on('data', (chunk: Uint8Array) => {
      this.#frames += this.#reader.push(chunk);
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
    if (this.#over) throw relayOver(this.#address, this.#reader.explanation);
    const { dialect } = this.#options;
    const { maxMessageBytes } = this.#limits;
    const parts = dialect.request.encode(request);
    const bytes = messageBytes(parts);
    const decoder = dialect.reply.decoder({ maxMessageBytes });
    this.#exchange = new Exchange(this.#owner, decoder, options);
    this.#steps = new MessageSteps();
    const { reply } = this.#exchange;
    this.#discarded.reset();
    this.#stream.cork();
    this.#stream.write(relayHead(dialect.request.endsStream ? 'F' : 'M', bytes));
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

  /** Stops reading for one turn of the event loop. Otherwise a relay that sends many small frames would block everything else. */
  #yieldTurn(): void {
    this.#frames = 0;
    this.#stream.pause();
    setImmediate(() => this.#stream.resume());
  }

  #broken(why: string): void {
    this.#over = true;
    const exchange = this.#take();
    const message = `the relay to ${this.#address} broke its protocol: ${why}`;
    const { replyBytes = 0 } = exchange ?? {};
    exchange?.reject(new TransportError('TRANSPORT_BAD_FRAME', message, { address: this.#address, replyBytes }));
    this.#stream.destroy();
  }

  #frame(kind: string, bytes: Uint8Array): void {
    const exchange = this.#exchange;
    const steps = this.#steps;
    if (exchange && steps.isRepeated(kind)) {
      this.#reader.break('it reported a step of a message twice');
    } else if (kind === 'A' && exchange) {
      steps.begun = true;
    } else if (!exchange || !steps.begun) {
      const why = this.#discarded.take(kind, bytes.length);
      if (why !== undefined) this.#reader.break(why);
    } else if (kind === 'O') {
      steps.connected = true;
      exchange.reportStep('connected');
    } else if (kind === 'S') {
      steps.sent = true;
      exchange.reportStep('sent');
    } else if (kind === 'D') this.#data(bytes);
    else if (kind === 'E') this.#ended();
    else {
      const errno = Number(Buffer.from(bytes).toString('latin1'));
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
    this.#stream.write(relayHead(this.#options.dialect.close === 'reset' ? 'R' : 'C', 0));
  }

  #lost(cause?: unknown): void {
    this.#over = true;
    this.#discarded.end();
    const exchange = this.#take();
    const why = this.#reader.text || 'the relay in the container ended';
    exchange?.reject(this.#lostBy(exchange, why, cause));
  }

  /** Removes the exchange from the channel and returns it. */
  #take(): Exchange | undefined {
    const exchange = this.#exchange;
    this.#exchange = undefined;
    return exchange;
  }
}
