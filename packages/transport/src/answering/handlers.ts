// Runs the handlers of a listener: `maxHandlers` at once, each with a deadline, and the other requests in a queue of `maxQueued`. A request
// that arrived whole is handled even if its caller leaves while it waits, and the handler's signal aborts then. A handler whose caller has
// left still counts as one of `maxHandlers`. After its deadline it no longer counts, even if it is still at work.

import { withAddress } from '../errors/with-address.ts';
import type { Handler } from '../exchange/carrier.ts';
import { Timer } from '../exchange/long-timer.ts';
import type { AbortHandle } from '../exchange/platform.ts';
import type { AnswerLimits } from './answer-limits.ts';
import type { HeldBytes } from './held-bytes.ts';
import { lateError, overloadedError } from './limit-errors.ts';

/** A request to handle. */
export interface HandlerCall {
  readonly request: Uint8Array;
  /** The caller, and the address at which it called. */
  readonly peer: string;
  readonly address: string;
  /** The source of the handler's signal. The connection aborts it when the caller has gone, and `Handlers` after the deadline. */
  readonly control: AbortHandle;
}

/** The answer of a handler: a message, or undefined. */
type Answer = Awaited<ReturnType<Handler>>;

/** A request that waits or is being handled. */
interface Job extends HandlerCall {
  readonly deadline: Timer;
  readonly resolve: (reply: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export class Handlers {
  readonly #handler: Handler;
  readonly #limits: AnswerLimits;
  readonly #held: HeldBytes;
  readonly #running = new Set<Job>();
  readonly #queue = new Set<Job>();
  #idle: (() => void) | undefined;

  constructor(handler: Handler, limits: AnswerLimits, held: HeldBytes) {
    this.#handler = handler;
    this.#limits = limits;
    this.#held = held;
  }

  /**
   * Calls the handler, once one more may be at work, and resolves with its answer.
   * @throws TransportError TRANSPORT_OVERLOADED if too many requests wait, TRANSPORT_HANDLER_LATE; what the handler throws
   */
  answer(call: HandlerCall): Promise<Answer> {
    const { maxHandlers, maxQueued } = this.#limits;
    return new Promise<Answer>((resolve, reject) => {
      const isFree = this.#running.size < maxHandlers;
      if (!isFree && this.#queue.size >= maxQueued) {
        reject(withCall(call, overloadedError('maxQueued', maxQueued)));
        return;
      }
      const job: Job = { ...call, deadline: new Timer(), resolve, reject };
      this.#held.change(call.request.length);
      if (isFree) this.#start(job);
      else this.#queue.add(job);
    });
  }

  /** Resolves when no handler is at work and no request waits. */
  async idle(): Promise<void> {
    if (this.#running.size + this.#queue.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Rejects every request that waits or is being handled, and aborts its signal. */
  abandon(reason: unknown): void {
    for (const job of [...this.#queue, ...this.#running]) this.#abandon(job, reason);
  }

  #start(job: Job): void {
    this.#running.add(job);
    const { handlerMs } = this.#limits;
    job.deadline.set(handlerMs, () => this.#abandon(job, withCall(job, lateError(handlerMs))));
    const { request, peer, control } = job;
    const end = (settle: () => void): void => {
      if (this.#running.delete(job)) this.#free(job, settle);
    };
    const answer = async (): Promise<Answer> => await this.#handler(request, { signal: control.signal, peer });
    answer().then(
      (reply) => end(() => job.resolve(reply)),
      (error: unknown) => end(() => job.reject(error)),
    );
  }

  /** Rejects a request, although its handler may still be at work, and aborts its signal. */
  #abandon(job: Job, reason: unknown): void {
    if (this.#queue.delete(job) || this.#running.delete(job)) this.#free(job, () => job.reject(reason));
    job.control.abort(reason);
  }

  /** Settles a request, no longer counts its memory, and starts the request that has waited longest. */
  #free(job: Job, settle: () => void): void {
    job.deadline.stop();
    this.#held.change(-job.request.length);
    settle();
    const [next] = this.#queue;
    if (next && this.#running.size < this.#limits.maxHandlers) {
      this.#queue.delete(next);
      this.#start(next);
    }
    if (this.#running.size + this.#queue.size === 0) this.#idle?.();
  }
}

function withCall({ address, peer }: HandlerCall, error: unknown): unknown {
  return withAddress(address, error, { peer });
}
