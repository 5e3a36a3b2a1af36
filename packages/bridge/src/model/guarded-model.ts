// A model behind a guard. A call is four steps, top to bottom: check, encode, exchange, decode.
import type { ArrayInput, DTypeName } from '@bridge/npy';
import { isNpyError } from '@bridge/npy';
import { type Message, messageBytes } from '@bridge/transport';
import { badReply } from '../codecs/bad-message.ts';
import { decodeChecked, encodeChecked, kindOfDecoded } from '../codecs/checked-messages.ts';
import {
  type Codec,
  type CodecPair,
  type Encoded,
  isOneKind,
  type MessageArrays,
  type MessageKind,
  type Named,
} from '../codecs/codec.ts';
import { checkSchema, type Schema, schemaOfInput, schemaOfOutput } from '../codecs/schema.ts';
import { checkMs, type Names, optionsOf } from '../errors/options.ts';
import type { Guard } from '../guard/guard.ts';
import type { GuardReply } from '../guard/guard-calls.ts';
import { type CallTrace, traced } from '../observe/channels.ts';
import { codeOf, Ledger, type Stats } from '../observe/ledger.ts';
import { deadline } from '../platform/deadline.ts';
import { OwnSignal } from '../platform/own-signal.ts';
import { platform } from '../platform/platform.ts';
import { checkCall, checkStream } from './call-options.ts';
import type { CallOptions, CloseOptions, Retry, StreamOptions } from './model.ts';
import { type StreamResult, stream } from './model-stream.ts';

/** Options of a model, its guard apart. */
export interface GuardedModelOptions {
  /** The model's targets, as traces show them. */
  readonly target: string;
  readonly codec: CodecPair;
  readonly input: Schema | undefined;
  readonly output: Schema | undefined;
  /** True for `schema: 'learn'`. */
  readonly learn: boolean;
  readonly retry: Retry;
  /** The default of a stream's `inFlight`. */
  readonly window: number;
  /** Bytes of the largest message that can be sent to every replica. */
  readonly maxMessageBytes: number;
  /** Called once the model is closed. */
  readonly onClosed?: () => void;
}

/** The argument of a call: an array, or a record of arrays if the codec carries named arrays. */
type Input = ArrayInput | Named<ArrayInput>;
/** The result of a call: an array, a record of arrays, or undefined if the model has no replies. */
type Output = MessageArrays | undefined;

const CLOSE: Names<CloseOptions> = { timeoutMs: true };

/** The one implementation of Model, NamedArraysModel and OneWayModel. `connect` picks the type by the codec and the dialect. */
export class GuardedModel {
  readonly #guard: Guard;
  readonly #options: GuardedModelOptions;
  readonly #ledger = new Ledger();
  #input: Schema | undefined;
  #output: Schema | undefined;
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

  get schema(): { readonly input: Schema | undefined; readonly output: Schema | undefined } {
    return { input: this.#input, output: this.#output };
  }

  call(input: Input, given?: CallOptions | null): Promise<Output> {
    return this.#observed(given?.signal, (trace) => {
      const options = checkCall(given);
      const encoded = this.#encode(input, trace);
      return this.#exchange(() => encoded, options, trace);
    });
  }

  stream(
    frames: AsyncIterable<Input> | Iterable<Input>,
    given?: StreamOptions | null,
  ): AsyncGenerator<StreamResult<Input, Output>, undefined> {
    const checked = checkStream(frames, given);
    const { policy = 'every', inFlight = this.#options.window, ordered = true, signal, ...each } = checked;
    const over = new OwnSignal();
    const options = { ...each, signal: over };
    return stream<Input, Output>({
      frames,
      policy,
      ordered,
      signal,
      window: inFlight,
      over,
      onDropped: () => this.#ledger.dropped++,
      hasRoom: () => this.#guard.hasRoom,
      // The frame is chosen and encoded just before its connection is opened.
      send: (frame) =>
        this.#observed(over, (trace) => this.#exchange(() => this.#encode(frame(), trace), options, trace)),
    });
  }

  async close(options: CloseOptions = {}): Promise<void> {
    const { timeoutMs = Number.POSITIVE_INFINITY } = optionsOf<CloseOptions>('options', options, CLOSE);
    checkMs('timeoutMs', timeoutMs);
    await this.#guard.close(timeoutMs);
    this.#options.onClosed?.();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Runs a call with a trace, and counts the call and its failure. */
  #observed(signal: CallOptions['signal'], run: (trace: CallTrace) => Promise<Output>): Promise<Output> {
    this.#ledger.calls++;
    const trace: CallTrace = { target: this.#options.target };
    return traced(trace, async () => {
      try {
        return await run(trace);
      } catch (error) {
        this.#ledger.failed(signal?.aborted && error === signal.reason ? 'ABORTED' : codeOf(error));
        throw error;
      }
    });
  }

  /**
   * Returns the message of a call's input. Checks its size and its schema.
   * @throws NpyError; BridgeError BRIDGE_SCHEMA; TransportError TRANSPORT_TOO_LARGE
   */
  #encode(input: Input, trace: CallTrace): Encoded<MessageKind> {
    const { codec, maxMessageBytes } = this.#options;
    const encoded = encodeChecked(codec.request, input, maxMessageBytes);
    trace.requestBytes = messageBytes(encoded.message);
    if (isOneKind(encoded.kind)) Object.assign(trace, encoded.kind);
    checkSchema('input', this.#input, encoded.kind);
    return encoded;
  }

  /** Resolves with the decoded reply to a message. `encode` is called just before the message is sent. */
  async #exchange(
    encode: () => Encoded<MessageKind>,
    options: Partial<CallOptions>,
    trace: CallTrace,
  ): Promise<Output> {
    const { signal, timeoutMs, dtype, retry: resend = this.#options.retry } = options;
    const calledAt = platform.performance.now();
    let sent: Encoded<MessageKind> | undefined;
    const message = (): Message => {
      sent = encode();
      return sent.message;
    };
    const limit = deadline(signal, timeoutMs);
    let reply: GuardReply;
    try {
      reply = await this.#guard.exchange({ message, signal: limit.signal, resend });
    } finally {
      limit.end();
    }
    trace.replica = reply.target;
    trace.replyBytes = reply.bytes.length;
    trace.modelMs = reply.modelMs;
    const output = this.#decode(reply, dtype);
    if (sent && this.#learning) this.#learn(sent.kind, output);
    this.#ledger.answered({
      target: reply.target,
      modelMs: reply.modelMs,
      latencyMs: platform.performance.now() - calledAt,
      sentBytes: trace.requestBytes ?? 0,
      receivedBytes: reply.bytes.length,
    });
    return output;
  }

  /**
   * Returns the decoded and checked reply; undefined if the model has no replies.
   * @throws BridgeError BRIDGE_BAD_REPLY, BRIDGE_SCHEMA; NpyError NPY_DTYPE if the reply has another dtype than `dtype`
   */
  #decode({ bytes, target }: GuardReply, dtype: DTypeName | undefined): Output {
    const { reply: codec } = this.#options.codec;
    if (!codec) return undefined;
    const output = attemptDecode(codec, bytes, target, dtype);
    if (this.#output) checkSchema('output', this.#output, kindOfDecoded(output, codec));
    return output;
  }

  /** Fills in the schemas that were not declared, from the first exchange that succeeded. */
  #learn(input: MessageKind, output: Output): void {
    this.#learning = false;
    const { reply: codec } = this.#options.codec;
    this.#input ??= schemaOfInput(input);
    if (codec && output) this.#output ??= schemaOfOutput(kindOfDecoded(output, codec));
  }
}

function attemptDecode(codec: Codec, bytes: Uint8Array, target: string, dtype: DTypeName | undefined): MessageArrays {
  try {
    return decodeChecked(codec, bytes, { dtype });
  } catch (error) {
    // A reply with another dtype than the caller asked for is not the model's fault.
    if (isNpyError(error, 'NPY_DTYPE')) throw error;
    throw badReply(error, codec, { target, bytes: bytes.length }, bytes);
  }
}
