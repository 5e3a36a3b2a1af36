// The far end as a caller sees it: arrays in, arrays out. The contract; its one implementation is in guarded-model.ts.
import type { AnyNdArray, ArrayInput, DTypeName, NdArrayOf } from '@bridge/npy';
import type { Signal } from '@bridge/transport';
import type { Named } from '../codecs/codec.ts';
import type { ArraySchema } from '../codecs/schema.ts';
import { checkOption } from '../errors/options.ts';
import type { Resend } from '../guard/events.ts';
import type { Stats } from '../observe/ledger.ts';
import type { StreamResult } from './frame-stream.ts';

/**
 * The condition on which a message that was not answered is sent again. `unseen` (default): the model provably received nothing of it.
 * `idempotent`: also if the connection was lost after the model may have received it, up to three times in all; the model may then see
 * it more than once, or die of it more than once. `never`: in no case.
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
  /** Gives up waiting: the call rejects with `signal.reason`. */
  readonly signal?: Signal | undefined;
  /**
   * Milliseconds until the call rejects with BRIDGE_TIMEOUT, waiting in the queue included; `detail.begun` says whether its message
   * was begun. Default: no limit.
   */
  readonly timeoutMs?: number | undefined;
  /** The dtype that the reply must have; narrows the result's type. For codecs that carry one array. */
  readonly dtype?: D | undefined;
  /** The cases in which a message that was not answered may be sent again. Default: the model's own option. */
  readonly retry?: Retry | undefined;
}

/** Options of a stream. `signal` ends the stream; `timeoutMs` and `retry` are for each frame. */
export interface StreamOptions<D extends DTypeName = DTypeName> extends CallOptions<D> {
  /**
   * `every` (default): each frame is sent, in order, and the source is asked for no more than can be under way.
   * `latest`: for live sources. The source is read as fast as it gives; a frame that waits is replaced by a newer one before its first
   * byte is sent, and counted in `stats.dropped`.
   */
  readonly policy?: 'every' | 'latest' | undefined;
  /**
   * The most frames under way and results not yet taken, together. Default: as many as the model takes. Where the model's queue is full
   * (`queueLimit`), the next frame waits in the source until one of the stream's own has left it.
   */
  readonly inFlight?: number | undefined;
  /** True (default) for results in the order of their frames, false for results as they come from several replicas. */
  readonly ordered?: boolean | undefined;
}

/** Options of `close`. */
export interface CloseOptions {
  /**
   * Milliseconds after which messages under way are no longer waited for: calls that are not answered by then reject with
   * BRIDGE_CLOSED, and the process may end with their messages under way, which the model takes as it takes a host that dies. A large
   * message that the model has not taken keeps the process alive all the same; only `process.exit()` ends it then. Default: no limit.
   */
  readonly timeoutMs?: number | undefined;
}

/** Members that every model has. `S` is what is declared of its messages: one schema, or one for each name. */
export interface ModelUse<S = ArraySchema> extends AsyncDisposable {
  /** Counts and latencies of the calls so far. */
  readonly stats: Stats;
  /** The schemas of the model's arrays, as far as they were declared or learnt. */
  readonly schema: { readonly input: S | undefined; readonly output: S | undefined };
  /**
   * Ends the model's use: calls that wait are rejected, those that were begun are finished. Twice is harmless.
   * @throws BridgeError BRIDGE_OPTION
   */
  close(options?: CloseOptions): Promise<void>;
}

/**
 * A model whose messages carry one array.
 * @typeParam Reply what it answers: `NdArrayOf<'float32'>` where `output: { dtype: 'float32' }` was declared
 */
export interface Model<Reply extends AnyReply = AnyNdArray> extends ModelUse {
  /**
   * Sends an array and resolves with the array that the model answers. Calls are begun in order.
   * Until the call settles the input's memory must not change: it is sent from where it lies. Giving up does not take back a message
   * that was begun: it is sent and answered in the background, so that the model stays whole.
   *
   * @param input any array, nested lists or typed array
   * @returns the reply, in memory of its own
   * @throws NpyError when the input cannot be encoded, or NPY_DTYPE when the reply has another dtype than asked for;
   *   TransportError TRANSPORT_REFUSED, TRANSPORT_UNREACHABLE, TRANSPORT_CLOSED_BEFORE_REPLY,
   *   TRANSPORT_CLOSED_INSIDE_REPLY, TRANSPORT_TOO_LARGE, TRANSPORT_TOO_SLOW, TRANSPORT_BAD_MESSAGE, TRANSPORT_BAD_ADDRESS; BridgeError
   *   BRIDGE_BAD_REPLY, BRIDGE_TIMEOUT, BRIDGE_WEDGED, BRIDGE_SCHEMA, BRIDGE_QUEUE_FULL, BRIDGE_CLOSED, BRIDGE_TURN, BRIDGE_OPTION, and
   *   BRIDGE_LAUNCH of a launched model that was given up; `signal.reason` when aborted
   */
  call<D extends DTypeName>(input: ArrayInput, options: CallOptions<D> & { readonly dtype: D }): Promise<NdArrayOf<D>>;
  call(input: ArrayInput, options?: CallOptions): Promise<Reply>;
  /**
   * Sends frames one after the other and gives each with its result. Leaving the loop, an abort and an error all end the source (its
   * `return` is called), drop what waits, and let what was begun be finished.
   *
   * @throws BridgeError BRIDGE_OPTION at once; what `call` throws, for the first frame that failed; what the source throws;
   *   `signal.reason`
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

/** An array of a known dtype, or of any. */
type AnyReply = AnyNdArray | NdArrayOf<DTypeName>;

/**
 * A model whose messages carry several arrays by name: what `connect` gives for `codecs.npz`.
 * @typeParam Reply what it answers: `{ boxes: NdArrayOf<'float32'> }` where `output: { boxes: { dtype: 'float32' } }` was declared
 *
 * @example
 * await using model = connect('tcp://127.0.0.1:6000', { dialect, codec: codecs.npz });
 * const { boxes, scores } = await model.call({ image, state });
 */
export interface NamedArraysModel<Reply extends Named<AnyReply> = Named<AnyNdArray>>
  extends ModelUse<Named<ArraySchema>> {
  /** Does what `Model.call` does, with a record of arrays each way. @throws what `Model.call` throws */
  call(input: Named<ArrayInput>, options?: SendOptions): Promise<Reply>;
  /** Does what `Model.stream` does, with a record of arrays each way. @throws what `Model.stream` throws */
  stream<I extends Named<ArrayInput>>(
    frames: AsyncIterable<I> | Iterable<I>,
    options?: Omit<StreamOptions, 'dtype'>,
  ): AsyncGenerator<StreamResult<I, Reply>, undefined>;
}

/**
 * A far end that takes arrays and answers none: what `connect` gives for a dialect whose `reply` is `noReply()`.
 *
 * A call resolves once the whole message is in the hands of this machine's system. That says that it is delivered as long as
 * the connection stands; it does not say that the far end has read it. A far end that reads slowly makes calls wait: there is
 * no more on its way than the system's buffers hold. `close()` waits until the far end has closed its side behind the last
 * message, for as long as it does something at least once a second, and five seconds in all; nothing is taken back by it.
 * @typeParam Input an array, or several by name where the codec carries names
 *
 * @example
 * await using recorder = connect('tcp://127.0.0.1:6000', { dialect: { ...dialects.numpysocket, reply: noReply() } });
 * for await (const frame of camera) await recorder.call(frame);
 */
export interface OneWayModel<Input extends ArrayInput | Named<ArrayInput> = ArrayInput> extends ModelUse {
  /**
   * Sends an array. Calls are begun in order. The promises about a call that fails are those of `Model.call`: TRANSPORT_REFUSED
   * and TRANSPORT_UNREACHABLE say that nothing of it was seen. TRANSPORT_CLOSED_BEFORE_REPLY says that the connection was lost
   * under it, or, with `detail.sent` false, behind messages before it: the last of those may not have been read, and this one
   * was not sent.
   *
   * @throws what `Model.call` throws, but for what is about a reply
   */
  call(input: Input, options?: SendOptions): Promise<undefined>;
  /** Does what `Model.stream` does: gives each frame once it was handed over; `output` is undefined. */
  stream<I extends Input>(
    frames: AsyncIterable<I> | Iterable<I>,
    options?: Omit<StreamOptions, 'dtype'>,
  ): AsyncGenerator<StreamResult<I, undefined>, undefined>;
}

/** Options of a call whose reply has no dtype to ask for. */
export type SendOptions = Omit<CallOptions, 'dtype'>;
