// The contract of models, which take arrays and answer arrays. Its one implementation is in guarded-model.ts.
import type { AnyNdArray, ArrayInput, DTypeName, NdArrayOf } from '@bridge/npy';
import type { Signal } from '@bridge/transport';
import type { Named } from '../codecs/codec.ts';
import type { ArraySchema } from '../codecs/schema.ts';
import { checkOption } from '../errors/options.ts';
import type { Resend } from '../guard/events.ts';
import type { Stats } from '../observe/ledger.ts';
import type { StreamResult } from './model-stream.ts';

/**
 * The condition under which a message that was not answered is sent again. `unseen` (default): the model provably received nothing of it,
 * because no connection was established. `idempotent`: also if a connection was lost, but not after the third one; the model may then
 * receive the message more than once, or die of it more than once. `never`: under no condition.
 */
export type Retry = Resend;

const RETRIES: ReadonlySet<Retry> = new Set(['never', 'unseen', 'idempotent']);

/**
 * Returns the checked value of `retry`, or its default.
 * @throws BridgeError BRIDGE_OPTION
 */
export function checkRetry(retry: Retry = 'unseen'): Retry {
  checkOption('retry', retry, RETRIES.has(retry), [...RETRIES].join(', '));
  return retry;
}

/** Options of one call. */
export interface CallOptions<D extends DTypeName = DTypeName> {
  /** When it aborts, the call rejects with `signal.reason`. */
  readonly signal?: Signal | undefined;
  /**
   * Milliseconds until the call rejects with BRIDGE_TIMEOUT, the time in the queue included. `detail.begun` is true if its message was
   * begun by then. Default: no limit.
   */
  readonly timeoutMs?: number | undefined;
  /** The dtype that the reply must have, which is also the type of the result. For codecs that carry one array. */
  readonly dtype?: D | undefined;
  /** The condition under which a message that was not answered is sent again. Default: the model's own option. */
  readonly retry?: Retry | undefined;
}

/** Options of a stream. `signal` ends the stream; `timeoutMs` and `retry` are for each frame. */
export interface StreamOptions<D extends DTypeName = DTypeName> extends CallOptions<D> {
  /**
   * `every` (default): each frame is sent, in order, and the next frame is read from the source only when there is room for it.
   * `latest`: for live sources. The source is read as fast as it yields frames. A frame that still waits when a newer one is read is
   * dropped, and counted in `stats.dropped`.
   */
  readonly policy?: 'every' | 'latest' | undefined;
  /**
   * The most frames in progress and results that were not taken yet, together. Default: the number of messages that the model takes at
   * once. While the model's queue is full (`queueLimit`), the next frame waits until another message of the stream has left the queue.
   */
  readonly inFlight?: number | undefined;
  /** True (default) for results in the order of their frames; false for results in the order in which the replicas answer. */
  readonly ordered?: boolean | undefined;
}

/** Options of `close`. */
export interface CloseOptions {
  /**
   * Milliseconds after which messages in progress are no longer waited for. Calls that are not answered by then reject with BRIDGE_CLOSED,
   * and the process may end while their messages are in progress: which for the model is like a host that dies. A large message that the
   * model has not received whole keeps the process alive all the same; only `process.exit()` ends it then. Default: no limit.
   */
  readonly timeoutMs?: number | undefined;
}

/** Members that every model has. `S` is the type of its schemas: one schema, or a record with one for each name. */
export interface ModelUse<S = ArraySchema> extends AsyncDisposable {
  /** Counts and latencies of the calls so far. */
  readonly stats: Stats;
  /** The schemas of the model's arrays, if they were declared or learnt (`schema: 'learn'`). */
  readonly schema: { readonly input: S | undefined; readonly output: S | undefined };
  /**
   * Closes the model: rejects calls that wait, and resolves when messages that were begun are finished. Closing twice is harmless.
   * @throws BridgeError BRIDGE_OPTION
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * A model whose messages carry one array.
 * @typeParam Reply the type of its replies: `NdArrayOf<'float32'>` if `output: { dtype: 'float32' }` was declared
 */
export interface Model<Reply extends AnyReply = AnyNdArray> extends ModelUse {
  /**
   * Sends an array and resolves with the array that the model answers. Messages are begun in the order of the calls.
   * The input's memory must not change until the call settles, because it is sent without a copy. An abort or timeout does not cancel a
   * message that was begun: it is sent, and its reply read, in the background, because a model may die of half a message.
   *
   * @param input any array, nested lists or typed array
   * @returns the reply, in memory of its own
   * @throws NpyError if the input cannot be encoded, or NPY_DTYPE if the reply has another dtype than `options.dtype`;
   *   TransportError TRANSPORT_REFUSED, TRANSPORT_UNREACHABLE, TRANSPORT_CLOSED_BEFORE_REPLY,
   *   TRANSPORT_CLOSED_INSIDE_REPLY, TRANSPORT_TOO_LARGE, TRANSPORT_TOO_SLOW, TRANSPORT_BAD_MESSAGE, TRANSPORT_BAD_ADDRESS; BridgeError
   *   BRIDGE_BAD_REPLY, BRIDGE_TIMEOUT, BRIDGE_WEDGED, BRIDGE_SCHEMA, BRIDGE_QUEUE_FULL, BRIDGE_CLOSED, BRIDGE_TURN, BRIDGE_OPTION, and
   *   BRIDGE_LAUNCH if a launched model is not restarted any more; `signal.reason` if the signal aborts
   */
  call<D extends DTypeName>(input: ArrayInput, options: CallOptions<D> & { readonly dtype: D }): Promise<NdArrayOf<D>>;
  call(input: ArrayInput, options?: CallOptions): Promise<Reply>;
  /**
   * Sends frames one after the other and yields each frame with its result. When the loop is left, the signal aborts or an error is thrown,
   * the source's `return` is called, frames that wait are dropped, and messages that were begun are finished.
   *
   * @throws BridgeError BRIDGE_OPTION at once; what `call` throws, for the first frame that failed; what the source throws;
   *   `signal.reason` if the signal aborts
   * @example
   * for await (const { input, output } of model.stream(camera, { policy: 'latest' })) draw(input, output);
   */
  stream<I extends ArrayInput, D extends DTypeName>(
    frames: AsyncIterable<I> | Iterable<I>,
    options: StreamOptions<D> & { readonly dtype: D },
  ): AsyncGenerator<StreamResult<I, NdArrayOf<D>>, undefined>;
  stream<I extends ArrayInput>(
    frames: AsyncIterable<I> | Iterable<I>,
    options?: StreamOptions,
  ): AsyncGenerator<StreamResult<I, Reply>, undefined>;
}

/** An array of a known dtype, or of any dtype. */
type AnyReply = AnyNdArray | NdArrayOf<DTypeName>;

/**
 * A model whose messages carry named arrays: what `connect` returns for `codecs.npz`.
 * @typeParam Reply the type of its replies: `{ boxes: NdArrayOf<'float32'> }` if `output: { boxes: { dtype: 'float32' } }` was declared
 *
 * @example
 * await using model = connect('tcp://127.0.0.1:6000', { dialect, codec: codecs.npz });
 * const { boxes, scores } = await model.call({ image, state });
 */
export interface NamedArraysModel<Reply extends Named<AnyReply> = Named<AnyNdArray>>
  extends ModelUse<Named<ArraySchema>> {
  /** Does what `Model.call` does, with records of arrays. @throws what `Model.call` throws */
  call(input: Named<ArrayInput>, options?: SendOptions): Promise<Reply>;
  /** Does what `Model.stream` does, with records of arrays. @throws what `Model.stream` throws */
  stream<I extends Named<ArrayInput>>(
    frames: AsyncIterable<I> | Iterable<I>,
    options?: Omit<StreamOptions, 'dtype'>,
  ): AsyncGenerator<StreamResult<I, Reply>, undefined>;
}

/**
 * A model that takes arrays and answers none, such as a recorder: what `connect` returns for a dialect whose `reply` is `noReply()`.
 *
 * A call resolves once this machine's system has the whole message. The message is then delivered if the connection is not lost; nobody
 * knows if the model has read it. While the model reads slowly, calls wait, because no more is sent than the system's buffers hold.
 * `close()` waits until the model has closed its side of the connection after the last message, has been silent for one second, or five
 * seconds have passed. The system goes on to deliver the messages even after that.
 * @typeParam Input an array, or a record of arrays if the codec carries named arrays
 *
 * @example
 * await using recorder = connect('tcp://127.0.0.1:6000', { dialect: { ...dialects.numpysocket, reply: noReply() } });
 * for await (const frame of camera) await recorder.call(frame);
 */
export interface OneWayModel<Input extends ArrayInput | Named<ArrayInput> = ArrayInput> extends ModelUse {
  /**
   * Sends an array. Messages are begun in the order of the calls. After TRANSPORT_REFUSED and TRANSPORT_UNREACHABLE the model has received
   * nothing of the message, as with `Model.call`. After TRANSPORT_CLOSED_BEFORE_REPLY it may have: the connection was lost while the
   * message was being sent. If `detail.sent` is false, the connection was lost after earlier messages: the model may not have read the
   * last of them, and this message was not sent.
   *
   * @throws what `Model.call` throws, except for the errors about a reply
   */
  call(input: Input, options?: SendOptions): Promise<undefined>;
  /** Does what `Model.stream` does: yields each frame once the system has its message. `output` is undefined. */
  stream<I extends Input>(
    frames: AsyncIterable<I> | Iterable<I>,
    options?: Omit<StreamOptions, 'dtype'>,
  ): AsyncGenerator<StreamResult<I, undefined>, undefined>;
}

/** Options of a call whose reply is a record of arrays, or that has no reply. */
export type SendOptions = Omit<CallOptions, 'dtype'>;
