// The handlers of a listener at work: so many at once, the rest in a queue with a bound, each with a deadline.
// A request that came whole is handled, also where its caller leaves while it waits: the signal tells. A handler may outlive
// its caller, and then still holds its place; past its deadline it does not, whatever it does.

import { withAddress } from '../errors/with-address.ts';
import type { Handler } from '../exchange/carrier.ts';
import type { AbortControl } from '../exchange/platform.ts';
import { Timer } from '../exchange/timer.ts';
import type { HeldBytes } from './held-bytes.ts';
import { lateError, overloadedError } from './limit-errors.ts';
import type { ListenLimits } from './listen-limits.ts';

/** A request that wants an answer. */
export interface Asked {
  readonly request: Uint8Array;
  /** Who wants it, and where. */
  readonly peer: string;
  readonly address: string;
  /** Aborted by whoever asks, when nobody waits any more; here, when the handler is late. */
  readonly control: AbortControl;
}

/** What a handler has answered: a message, or nothing. */
export type Answer = Awaited<ReturnType<Handler>>;

interface Job extends Asked {
  readonly deadline: Timer;
  readonly resolve: (reply: Answer) => void;
  readonly reject: (error: unknown) => void;
}

export class Handlers {
  readonly #handler: Handler;
  readonly #limits: ListenLimits;
  readonly #held: HeldBytes;
  readonly #running = new Set<Job>();
  readonly #queue = new Set<Job>();
  #idle: (() => void) | undefined;

  constructor(handler: Handler, limits: ListenLimits, held: HeldBytes) {
    this.#handler = handler;
    this.#limits = limits;
    this.#held = held;
  }

  /**
   * What the handler answers, when its turn has come: undefined where that is nothing.
   * @throws TransportError TRANSPORT_OVERLOADED when too many wait, TRANSPORT_HANDLER_LATE; what the handler throws
   */
  answer(asked: Asked): Promise<Answer> {
    const { maxHandlers, maxQueued } = this.#limits;
    return new Promise<Answer>((resolve, reject) => {
      const free = this.#running.size < maxHandlers;
      if (!free && this.#queue.size >= maxQueued) {
        reject(here(asked, overloadedError('maxQueued', maxQueued)));
        return;
      }
      const job: Job = { ...asked, deadline: new Timer(), resolve, reject };
      this.#held.change(asked.request.length);
      if (free) {
        this.#start(job);
        return;
      }
      this.#queue.add(job);
    });
  }

  /** Resolves when nothing is at work and nothing waits. */
  async idle(): Promise<void> {
    if (this.#running.size + this.#queue.size === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle = resolve;
    });
  }

  /** Has done with whatever waits or is at work. */
  abandon(reason: unknown): void {
    for (const job of [...this.#queue, ...this.#running]) this.#end(job, reason);
  }

  #start(job: Job): void {
    this.#running.add(job);
    const { handlerMs } = this.#limits;
    job.deadline.set(handlerMs, () => this.#end(job, here(job, lateError(handlerMs))));
    const { request, peer, control } = job;
    const end = (settle: () => void): void => {
      if (this.#running.delete(job)) this.#over(job, settle);
    };
    const answer = async (): Promise<Answer> => await this.#handler(request, { signal: control.signal, peer });
    answer().then(
      (reply) => end(() => job.resolve(reply)),
      (error: unknown) => end(() => job.reject(error)),
    );
  }

  /** Has done with a job, whether or not its handler has. */
  #end(job: Job, reason: unknown): void {
    if (this.#queue.delete(job) || this.#running.delete(job)) this.#over(job, () => job.reject(reason));
    job.control.abort(reason);
  }

  /** Lets go of a job, and starts the one that has waited longest. */
  #over(job: Job, settle: () => void): void {
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

function here({ address, peer }: Asked, error: unknown): unknown {
  return withAddress(address, error, { peer });
}
