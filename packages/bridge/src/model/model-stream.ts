// `model.stream`: sends the frames of a source, which is an iterable, to a model, one after the other. The policy `every` sends all of them
// in order, with backpressure to the source; `latest` sends only the newest, for live sources. When a stream ends (by its source, `break`,
// an abort, an error), it drops the frames that wait and calls the source's `return`, and the guard finishes the messages that were begun.
import type { Signal } from '@bridge/transport';
import type { OwnSignal } from '../platform/own-signal.ts';
import { platform } from '../platform/platform.ts';

/** A frame and the model's reply to it. */
export interface StreamResult<I, O> {
  readonly input: I;
  readonly output: O;
}

/** The parts of a stream: its source, its options, and the functions of its model. */
export interface StreamPlan<I, O> {
  readonly frames: AsyncIterable<I> | Iterable<I>;
  readonly policy: 'every' | 'latest';
  /** The most frames in progress and results that were not taken yet, together. */
  readonly window: number;
  /** True if results come in the order of their frames. */
  readonly ordered: boolean;
  readonly signal: Signal | undefined;
  /** Aborted by the stream when it is over. */
  readonly over: OwnSignal;
  /**
   * Sends the frame that `chooseFrame` returns, and resolves with its result; rejects once `over` aborts. Calls `chooseFrame` just before the
   * frame is sent.
   */
  readonly send: (chooseFrame: () => I) => Promise<O>;
  /** Called for each frame of the policy `latest` that a newer one replaces. */
  readonly onDropped: () => void;
  /** Returns whether one more frame may wait for the model. */
  readonly hasRoom: () => boolean;
}

/** A frame in progress, or a result that was not taken yet. The input is missing until the frame was chosen. */
interface Entry<I, O> {
  input?: { readonly frame: I };
  outcome?: { readonly output: O } | { readonly error: unknown };
}

/** Yields each frame of a source with the model's reply to it. */
export async function* stream<I, O>(plan: StreamPlan<I, O>): AsyncGenerator<StreamResult<I, O>, undefined> {
  const run = new StreamRun(plan);
  try {
    for (;;) {
      const result = await run.next();
      if (!result) return;
      yield result;
    }
  } finally {
    await run.stop();
  }
}

const NOTHING = (): void => {};

class StreamRun<I, O> {
  readonly #plan: StreamPlan<I, O>;
  readonly #source: AsyncIterator<I> | Iterator<I>;
  readonly #entries: Entry<I, O>[] = [];
  /** The source's last frame, if it is not being sent yet. */
  #newest: { readonly frame: I } | undefined;
  #reading = false;
  #ended = false;
  /** The error with which the source ended. `next` throws it after the results of the frames before it. */
  #broken: { readonly error: unknown } | undefined;
  /** The error that `next` throws at once: the reason of the signal. */
  #failure: { readonly error: unknown } | undefined;
  /** Wakes `next`, if it waits. */
  #changed: () => void = NOTHING;

  constructor(plan: StreamPlan<I, O>) {
    this.#plan = plan;
    const { frames, signal } = plan;
    const { [Symbol.asyncIterator]: later, [Symbol.iterator]: now } = frames as AsyncIterable<I> & Iterable<I>;
    this.#source = (later ?? now).call(frames);
    signal?.addEventListener('abort', this.#aborted, { once: true });
    if (signal?.aborted) this.#aborted();
  }

  /** Resolves with the next result; with undefined if there are no more. */
  async next(): Promise<StreamResult<I, O> | undefined> {
    for (;;) {
      this.#advance();
      if (this.#failure) throw this.#failure.error;
      const at = this.#plan.ordered
        ? 0
        : Math.max(
            0,
            this.#entries.findIndex(({ outcome }) => outcome),
          );
      const entry = this.#entries[at];
      if (entry?.outcome) {
        this.#entries.splice(at, 1);
        if ('error' in entry.outcome) throw entry.outcome.error;
        // The next frame is sent while the consumer handles this result.
        this.#advance();
        if (entry.input) return { input: entry.input.frame, output: entry.outcome.output };
      } else if (this.#ended && this.#entries.length === 0) {
        if (this.#broken) throw this.#broken.error;
        return undefined;
      } else {
        await new Promise<void>((resolve) => {
          this.#changed = resolve;
        });
        this.#changed = NOTHING;
      }
    }
  }

  /** Ends the stream: drops the frames that wait, and calls the source's `return`. */
  async stop(): Promise<void> {
    const finished = this.#ended;
    this.#ended = true;
    this.#plan.over.abort(new Error('the stream is over'));
    // An error of the source's `return` is dropped: the consumer has left, or gets the error that ended the stream.
    const returned = finished ? undefined : (async () => await this.#source.return?.())().catch(() => {});
    this.#plan.signal?.removeEventListener('abort', this.#aborted);
    // A source that still waits for its own next frame may never return, so it is not awaited.
    if (!this.#reading) await returned;
  }

  readonly #aborted = (): void => {
    this.#failure ??= { error: this.#plan.signal?.reason };
    // The consumer may ask for the next result much later, so the frames that wait are dropped now.
    this.#plan.over.abort(new Error('the stream is over'));
    this.#changed();
  };

  /**
   * Sends the frame that was read, if the window and the model's queue have room for it. Then reads the next frame from the source: with the
   * policy `latest` always, else only if the window has room for it.
   */
  #advance(): void {
    if (this.#failure || this.#plan.over.aborted) return;
    // A stream with nothing in progress has no result that would call `#advance` again. So it sends even if the queue is full, and may be
    // rejected like a call.
    const room = this.#entries.length === 0 || (this.#entries.length < this.#plan.window && this.#plan.hasRoom());
    const waits = this.#entries.some(({ input }) => !input);
    if (this.#newest && room && !waits) this.#send();
    const wanted = this.#plan.policy === 'latest' || (this.#entries.length < this.#plan.window && !this.#newest);
    if (wanted && !this.#reading && !this.#ended) void this.#read();
  }

  async #read(): Promise<void> {
    this.#reading = true;
    try {
      const { done, value } = await this.#source.next();
      // A source that never waits would block the event loop.
      if (this.#plan.policy === 'latest') await nextLoopIteration();
      if (done) this.#ended = true;
      else {
        if (this.#newest) this.#plan.onDropped();
        this.#newest = { frame: value };
      }
    } catch (error) {
      this.#ended = true;
      this.#broken = { error };
    }
    this.#reading = false;
    this.#advance();
    this.#changed();
  }

  #send(): void {
    const entry: Entry<I, O> = {};
    this.#entries.push(entry);
    const take = (): typeof entry.input => {
      const newest = this.#newest;
      this.#newest = undefined;
      return newest;
    };
    // With `every` the frame of an entry is chosen now. With `latest` it is chosen when the message is about to be sent.
    const own = this.#plan.policy === 'every' ? take() : undefined;
    if (own) entry.input = own;
    const frame = (): I => {
      // A message that is sent again calls this function once more. It then sends a newer frame, unless another entry waits for that frame.
      const others = this.#entries.some((other) => other !== entry && !other.input);
      const newest = own || (entry.input && others) ? undefined : take();
      if (newest && entry.input) this.#plan.onDropped();
      const input = newest ?? entry.input;
      if (!input) throw new Error('the stream has no frame to send');
      entry.input = input;
      // The message has left the guard's queue, so there may be room for the next frame.
      if (this.#newest) void Promise.resolve().then(() => this.#advance());
      return input.frame;
    };
    const settle = (outcome: NonNullable<Entry<I, O>['outcome']>): void => {
      entry.outcome = outcome;
      this.#changed();
    };
    this.#plan.send(frame).then(
      (output) => settle({ output }),
      (error: unknown) => settle({ error }),
    );
  }
}

function nextLoopIteration(): Promise<void> {
  return new Promise((resolve) => {
    if (platform.setImmediate) platform.setImmediate(resolve);
    else platform.setTimeout(resolve, 0);
  });
}
