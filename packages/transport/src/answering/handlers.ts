// The handlers of a listener at work: so many at once, the rest in a queue with a limit, each with a deadline. A request that came
// whole is handled, also if its caller leaves while it waits: the signal tells the handler. A handler may outlive its caller, and
// then still takes a place; past its deadline it takes none, whatever it does.

import { withAddress } from '../errors/with-address.ts';
import type { Handler } from '../exchange/carrier.ts';
import type { AbortHandle } from '../exchange/platform.ts';
import { Timer } from '../exchange/timer.ts';
import type { AnswerLimits } from './answer-limits.ts';
import type { HeldBytes } from './held-bytes.ts';
import { lateError, overloadedError } from './limit-errors.ts';

/** A request that is to be handled. */
export interface HandlerCall {
  readonly request: Uint8Array;
  /** The caller, and the address at which it called. */
  readonly peer: string;
  readonly address: string;
  /** Aborted by the connection when nobody waits for the answer any more, and by `Handlers` when the handler is late. */
  readonly control: AbortHandle;
}

/** The answer of a handler: a message, or nothing. */
type Answer = Awaited<ReturnType<Handler>>;

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
   * Resolves with the handler's answer, once it has its turn.
   * @throws TransportError TRANSPORT_OVERLOADED if too many wait, TRANSPORT_HANDLER_LATE; what the handler throws
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

  /** Rejects every request that waits or is at work, and aborts its signal. */
  abandon(reason: unknown): void {
    for (const job of [...this.#queue, ...this.#running]) this.#giveUp(job, reason);
  }

  #start(job: Job): void {
    this.#running.add(job);
    const { handlerMs } = this.#limits;
    job.deadline.set(handlerMs, () => this.#giveUp(job, withCall(job, lateError(handlerMs))));
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

  /** Gives a job up, although its handler may still be at work. */
  #giveUp(job: Job, reason: unknown): void {
    if (this.#queue.delete(job) || this.#running.delete(job)) this.#free(job, () => job.reject(reason));
    job.control.abort(reason);
  }

  /** Frees a job's place and memory, and starts the one that has waited longest. */
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
