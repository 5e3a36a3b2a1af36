// A model behind a guard: encodes and checks what goes out, decodes and checks what comes back, keeps account.
import { type ArrayInput, type DTypeName, isNpyError, type NdArrayOf, readHeader } from '@bridge/npy';
import { type Message, messageBytes, TransportError } from '@bridge/transport';
import { badReply, isNoReply } from '../codecs/bad-message.ts';
import { decodeArray } from '../codecs/decode-array.ts';
import { CALL, checkOneArray, encodeOne } from '../codecs/one-array.ts';
import { type ArrayKind, type ArraySchema, checkSchema, learnt } from '../codecs/schema.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { hintedCall } from '../dialects/hint.ts';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkMs, type Names, optionsOf } from '../errors/options.ts';
import type { Guard, GuardReply } from '../guard/guard.ts';
import { type CallTrace, traced } from '../observe/channels.ts';
import { codeOf, Ledger, type Stats } from '../observe/ledger.ts';
import { deadline } from '../platform/deadline.ts';
import { OwnSignal } from '../platform/own-signal.ts';
import { platform } from '../platform/platform.ts';
import { checkCall, checkStream } from './call-options.ts';
import type { CallOptions, CloseOptions, Model, Retry, StreamOptions } from './model.ts';
import { type StreamResult, stream } from './stream.ts';

/** What a model goes by beside its guard. */
export interface GuardedModelOptions {
  readonly target: string;
  readonly input: ArraySchema | undefined;
  readonly output: ArraySchema | undefined;
  readonly learn: boolean;
  readonly retry: Retry;
  /** Frames that a stream keeps under way. */
  readonly window: number;
  readonly dialect: Dialect;
  /** Told when it was closed. */
  readonly onClosed?: () => void;
}

/** A message, and what its array is. */
interface Encoded {
  readonly message: Message;
  readonly kind: ArrayKind;
}

/** A call that may be made. */
interface Begun<D extends DTypeName> {
  readonly options: Partial<CallOptions<D>>;
  /** Makes its message, in the moment before its connection is opened. */
  readonly encode: () => Encoded;
}

const CLOSE: Names<CloseOptions> = { timeout: true };

export class GuardedModel implements Model {
  readonly #guard: Guard;
  readonly #options: GuardedModelOptions;
  readonly #ledger = new Ledger();
  #input: ArraySchema | undefined;
  #output: ArraySchema | undefined;
  #learning: boolean;

  constructor(guard: Guard, options: GuardedModelOptions) {
    this.#guard = guard;
    this.#options = options;
    this.#input = options.input;
    this.#output = options.output;
    this.#learning = options.learn;
  }

  get stats(): Stats {
    return this.#ledger.stats(this.#guard);
  }

  get schema(): { readonly input: ArraySchema | undefined; readonly output: ArraySchema | undefined } {
    return { input: this.#input, output: this.#output };
  }

  call<D extends DTypeName = DTypeName>(input: ArrayInput, given: CallOptions<D> = {}): Promise<NdArrayOf<D>> {
    return this.#make<D>((trace) => {
      const options = checkCall<D>(given);
      // Refused at once, and not when its turn has come.
      const encoded = this.#encode(input, trace);
      return { options, encode: () => encoded };
    });
  }

  stream<I extends ArrayInput, D extends DTypeName = DTypeName>(
    frames: AsyncIterable<I> | Iterable<I>,
    given: StreamOptions<D> = {},
  ): AsyncGenerator<StreamResult<I, NdArrayOf<D>>, undefined> {
    const checked = checkStream<D>(frames, given);
    const { policy = 'every', inFlight = this.#options.window, ordered = true, signal, ...each } = checked;
    const over = new OwnSignal();
    const options = { ...each, signal: over };
    return stream<I, NdArrayOf<D>>({
      frames,
      policy,
      ordered,
      signal,
      window: inFlight,
      over,
      onDropped: () => this.#ledger.dropped++,
      hasRoom: () => this.#guard.hasRoom,
      send: (frame) => this.#make<D>((trace) => ({ options, encode: () => this.#encode(frame(), trace) })),
    });
  }

  async close(options: CloseOptions = {}): Promise<void> {
    const { timeout = Number.POSITIVE_INFINITY } = optionsOf<CloseOptions>('options', options, CLOSE);
    checkMs('timeout', timeout);
    await this.#guard.close(timeout);
    this.#options.onClosed?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /**
   * Has a message answered in its turn, with its account kept and its listeners told.
   * @param begin holds what was handed over against what it may be
   */
  #make<D extends DTypeName>(begin: (trace: CallTrace) => Begun<D>): Promise<NdArrayOf<D>> {
    this.#ledger.calls++;
    const trace: CallTrace = { target: this.#options.target };
    return traced(trace, () => this.#exchange(begin, trace));
  }

  /**
   * The message for an array, held against the schema and against what the dialect can say.
   * @throws NpyError; BridgeError BRIDGE_SCHEMA; TransportError TRANSPORT_TOO_LARGE
   */
  #encode(input: ArrayInput, trace: CallTrace): Encoded {
    const { dialect } = this.#options;
    checkOneArray(CALL, input);
    // A strided array may have far more elements than it has memory, and encoding it takes that memory.
    checkBytes(dialect, leastBytesOf(input));
    const message = encodeOne(CALL, input);
    const { dtype, shape } = kindOfHeader(message[0]);
    const requestBytes = messageBytes(message);
    trace.dtype = dtype;
    trace.shape = shape;
    trace.requestBytes = requestBytes;
    checkBytes(dialect, requestBytes);
    checkSchema('input', this.#input, { dtype, shape });
    const why = dialect.refuses?.({ dtype, shape });
    if (why !== undefined) {
      throw new BridgeError('BRIDGE_SCHEMA', why, { side: 'input', dialect: dialect.name, actual: { dtype, shape } });
    }
    return { message, kind: { dtype, shape } };
  }

  async #exchange<D extends DTypeName>(begin: (trace: CallTrace) => Begun<D>, trace: CallTrace): Promise<NdArrayOf<D>> {
    const calledAt = platform.performance.now();
    let limit: ReturnType<typeof deadline> | undefined;
    let sent: Encoded | undefined;
    let head: Uint8Array | undefined;
    let signal: CallOptions['signal'];
    // Whether it is the wire that fails, and not what goes out or what is made of what came back.
    let wire = false;
    try {
      const { options, encode } = begin(trace);
      signal = options.signal;
      limit = deadline(signal, options.timeout);
      const message = (): Message => {
        wire = false;
        sent = encode();
        wire = true;
        return sent.message;
      };
      const resend = options.retry ?? this.#options.retry;
      wire = true;
      const onHead = (bytes: Uint8Array): void => {
        head = bytes;
      };
      const reply = await this.#guard.exchange({ message, signal: limit.signal, resend, onHead });
      wire = false;
      const { bytes, target, modelMs } = reply;
      trace.replica = target;
      trace.replyBytes = bytes.length;
      trace.modelMs = modelMs;
      const output = this.#options.dialect.reply.carriesNothing ? undefined : this.#decode<D>(reply, options.dtype);
      if (sent) this.#learn(sent.kind, reply);
      this.#ledger.answered({
        target,
        modelMs,
        latencyMs: platform.performance.now() - calledAt,
        sentBytes: trace.requestBytes ?? 0,
        receivedBytes: bytes.length,
      });
      // `connect` types a model without replies as one.
      return output as NdArrayOf<D>;
    } catch (error) {
      const bad = wire && isNoReply(error) ? badReply(error, { target: this.#options.target }) : error;
      const told = wire ? hintedCall(bad, this.#options.dialect, head, this.#ledger.hasAnswers) : bad;
      this.#ledger.failed(signal?.aborted && told === signal.reason ? 'ABORTED' : codeOf(told));
      throw told;
    } finally {
      limit?.[Symbol.dispose]();
    }
  }

  #decode<D extends DTypeName>(reply: GuardReply, dtype: D | undefined): NdArrayOf<D> {
    if (this.#output) checkSchema('output', this.#output, kindOf(reply));
    try {
      return decodeArray(reply.bytes, dtype === undefined ? {} : { dtype });
    } catch (error) {
      throw isNpyError(error) && error.code !== 'NPY_DTYPE' ? badReply(error, found(reply), reply.bytes) : error;
    }
  }

  #learn(input: ArrayKind, reply: GuardReply): void {
    if (!this.#learning) return;
    this.#learning = false;
    if (this.#options.dialect.reply.carriesNothing) this.#input ??= { dtype: input.dtype, shape: [...input.shape] };
    else {
      const taught = learnt(input, kindOf(reply));
      this.#input ??= taught.input;
      this.#output ??= taught.output;
    }
  }
}

/**
 * What the array of a message is, by its header.
 * @throws BridgeError BRIDGE_SCHEMA for one of objects
 */
function kindOfHeader(header: Uint8Array): ArrayKind {
  const kind = readHeader(header);
  if (kind && kind.dataBytes !== Number.POSITIVE_INFINITY) return kind;
  // The far end would run it.
  throw new BridgeError('BRIDGE_SCHEMA', 'object arrays are not sent: their pickles are run by whoever reads them');
}

/** What the array of a whole reply is. */
function kindOf(reply: GuardReply): ArrayKind {
  try {
    const header = readHeader(reply.bytes);
    if (header) return header;
  } catch (error) {
    throw badReply(error as Error, found(reply), reply.bytes);
  }
  throw badReply(new Error('it ends inside its header'), found(reply), reply.bytes);
}

/** Where a reply came from, and how much of it. */
function found({ target, bytes }: GuardReply): Record<string, unknown> {
  return { target, bytes: bytes.length };
}

/** @throws TransportError TRANSPORT_TOO_LARGE where the dialect cannot say so long a message */
function checkBytes({ name, request }: Dialect, bytes: number): void {
  const { maxMessageBytes = Number.POSITIVE_INFINITY } = request;
  if (bytes <= maxMessageBytes) return;
  throw new TransportError(
    'TRANSPORT_TOO_LARGE',
    `a message of ${bytes} bytes is more than the dialect ${name} can say: ${maxMessageBytes}`,
    { bytes, maxMessageBytes },
    { fault: 'caller' },
  );
}

/** What an array takes at least when it is encoded: 0 where it is no array yet, or none at all. */
function leastBytesOf(input: ArrayInput): number {
  try {
    if (typeof input !== 'object' || input === null || !('shape' in input) || !Array.isArray(input.shape)) return 0;
    if (!input.shape.every((length) => Number.isInteger(length) && length >= 0)) return 0;
    const { BYTES_PER_ELEMENT: elementBytes } = Object(input.data) as { BYTES_PER_ELEMENT?: unknown };
    // A store that does not say has a byte or more for each element.
    return input.shape.reduce((product: number, length) => product * Number(length), Number(elementBytes ?? 1));
  } catch {
    // A revoked proxy, say. Whoever encodes it tells what is wrong.
    return 0;
  }
}
