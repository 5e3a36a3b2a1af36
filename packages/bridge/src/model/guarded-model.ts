// A model behind a guard. A call, top to bottom: `call` checks its options and encodes the input, `#exchange` gives the message to the guard
// and decodes the reply. The codecs and schemas are in codec-with-schemas.ts.
import type { ArrayInput } from '@bridge/npy';
import { type Message, messageBytes } from '@bridge/transport';
import { type Encoded, isOneKind, type MessageKind, type Named } from '../codecs/codec.ts';
import type { Schema } from '../codecs/schema.ts';
import { checkMs, type Names, optionsOf } from '../errors/options.ts';
import type { Guard } from '../guard/guard.ts';
import type { GuardReply } from '../guard/unsettled-calls.ts';
import { type CallTrace, traced } from '../observe/channels.ts';
import { codeOf, Ledger, type Stats } from '../observe/ledger.ts';
import { deadline } from '../platform/deadline.ts';
import { OwnSignal } from '../platform/own-signal.ts';
import { platform } from '../platform/platform.ts';
import { checkCall, checkStream } from './call-options.ts';
import { CodecWithSchemas, type CodecWithSchemasOptions, type Output } from './codec-with-schemas.ts';
import type { CallOptions, CloseOptions, Retry, StreamOptions } from './model.ts';
import { type StreamResult, stream } from './model-stream.ts';

/** Options of a model, its guard apart. */
export interface GuardedModelOptions extends CodecWithSchemasOptions {
  /** The model's targets, as traces show them. */
  readonly target: string;
  readonly retry: Retry;
  /** The default of a stream's `inFlight`. */
  readonly window: number;
  /** Called once the model is closed. */
  readonly onClosed?: () => void;
}

/** The argument of a call: an array, or a record of arrays if the codec carries named arrays. */
type Input = ArrayInput | Named<ArrayInput>;

const CLOSE: Names<CloseOptions> = { timeoutMs: true };

/** The one implementation of Model, NamedArraysModel and OneWayModel. `connect` picks the type by the codec and the dialect. */
export class GuardedModel {
  readonly #guard: Guard;
  readonly #options: GuardedModelOptions;
  readonly #codec: CodecWithSchemas;
  readonly #ledger = new Ledger();

  constructor(guard: Guard, options: GuardedModelOptions) {
    this.#guard = guard;
    this.#options = options;
    this.#codec = new CodecWithSchemas(options);
  }

  get stats(): Stats {
    return this.#ledger.stats(this.#guard);
  }

  get schema(): { readonly input: Schema | undefined; readonly output: Schema | undefined } {
    return this.#codec.schema;
  }

  call(input: Input, given?: CallOptions | null): Promise<Output> {
    return this.#observed(given?.signal, (trace) => {
      const options = checkCall(given);
      this.#codec.checkDType(options.dtype);
      const encoded = this.#encode(input, trace);
      return this.#exchange(() => encoded, options, trace);
    });
  }

  /** Sends a call's message as soon as the guard allows it, and resolves with the decoded reply. `encode` is called just before that. */
  async #exchange(encode: () => Encoded<MessageKind>, options: CallOptions, trace: CallTrace): Promise<Output> {
    const { signal, timeoutMs, dtype, retry: resend = this.#options.retry } = options;
    let sent: MessageKind | undefined;
    const message = (): Message => {
      const encoded = encode();
      sent = encoded.kind;
      return encoded.message;
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
    return this.#codec.decode(reply.bytes, reply.target, dtype, sent);
  }

  #encode(input: Input, trace: CallTrace): Encoded<MessageKind> {
    const encoded = this.#codec.encode(input);
    trace.requestBytes = messageBytes(encoded.message);
    if (isOneKind(encoded.kind)) Object.assign(trace, encoded.kind);
    return encoded;
  }

  stream(
    frames: AsyncIterable<Input> | Iterable<Input>,
    given?: StreamOptions | null,
  ): AsyncGenerator<StreamResult<Input, Output>, undefined> {
    const checked = checkStream(frames, given);
    this.#codec.checkDType(checked.dtype);
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

  /** Runs a call with a trace, and counts it and its reply or failure. */
  #observed(signal: CallOptions['signal'], run: (trace: CallTrace) => Promise<Output>): Promise<Output> {
    this.#ledger.calls++;
    const calledAt = platform.performance.now();
    const trace: CallTrace = { target: this.#options.target };
    return traced(trace, async () => {
      try {
        const output = await run(trace);
        const { target, replica = target, modelMs = 0, requestBytes = 0, replyBytes = 0 } = trace;
        const latencyMs = platform.performance.now() - calledAt;
        this.#ledger.answered({
          target: replica,
          modelMs,
          latencyMs,
          sentBytes: requestBytes,
          receivedBytes: replyBytes,
        });
        return output;
      } catch (error) {
        this.#ledger.failed(signal?.aborted && error === signal.reason ? 'ABORTED' : codeOf(error));
        throw error;
      }
    });
  }
}
