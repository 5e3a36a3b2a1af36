// The calls of a guard that are not settled yet, and the exchanges of their messages. The state machine (guard-state-machine.ts) decides when an
// exchange begins and how a call ends.
import type { Message, Signal } from '@bridge/transport';
import { platform } from '../platform/platform.ts';
import type { GuardEvent, Resend } from './events.ts';
import { failureOf } from './reasons.ts';
import type { Replica } from './replica.ts';

/** A call of a model. */
export interface GuardRequest {
  /** Returns the message. Called just before the message is sent, each time that it is sent. */
  readonly message: () => Message;
  readonly signal: Signal;
  readonly resend: Resend;
}

/** The answer to a call. */
export interface GuardReply {
  readonly bytes: Uint8Array;
  /** The replica that answered. */
  readonly target: string;
  /** Milliseconds from the opening of the connection to the reply's last byte. */
  readonly modelMs: number;
}

interface Call extends GuardRequest {
  readonly onAbort: () => void;
  readonly resolve: (reply: GuardReply) => void;
  readonly reject: (error: unknown) => void;
  begun: boolean;
  /** The replica to which its message went last. */
  replica: Replica | undefined;
  /** The first bytes of its reply, as far as they have arrived. */
  head: Uint8Array | undefined;
  reply: GuardReply | undefined;
}

const NOT_BEGUN = { begun: false, replica: undefined, head: undefined, reply: undefined } as const;

export class GuardCalls {
  readonly #emit: (event: GuardEvent) => void;
  readonly #calls = new Map<number, Call>();
  #resent = 0;
  #hasAnswered = false;

  /** @param emit called with each event of an exchange */
  constructor(emit: (event: GuardEvent) => void) {
    this.#emit = emit;
  }

  get size(): number {
    return this.#calls.size;
  }

  /** The number of times that a message was sent again. */
  get resent(): number {
    return this.#resent;
  }

  /** The calls, each with its number and true if its message was begun. The list is a copy. */
  get all(): readonly { readonly id: number; readonly begun: boolean }[] {
    return [...this.#calls].map(([id, { begun }]) => ({ id, begun }));
  }

  has(id: number): boolean {
    return this.#calls.has(id);
  }

  /** Adds a call. Resolves with its reply; rejects with the error that `reject` gets. */
  add(id: number, request: GuardRequest, onAbort: () => void): Promise<GuardReply> {
    return new Promise((resolve, reject) => {
      request.signal.addEventListener('abort', onAbort, { once: true });
      this.#calls.set(id, { ...request, onAbort, resolve, reject, ...NOT_BEGUN });
    });
  }

  /** Resolves a call with the reply of its exchange. */
  answer(id: number): void {
    const reply = this.#calls.get(id)?.reply;
    if (reply) this.#take(id)?.resolve(reply);
  }

  /**
   * Rejects a call.
   * @param explains true to pass the error through the replica's `explain`
   */
  reject(id: number, error: unknown, explains = false): void {
    const call = this.#take(id);
    call?.reject(explains ? this.#explained(error, call) : error);
  }

  /** Exchanges a call's message with a replica. Emits an event at each step, and at the end. */
  async begin(id: number, replica: Replica | undefined): Promise<void> {
    const call = this.#calls.get(id);
    if (!call || !replica) return;
    if (call.begun) this.#resent++;
    call.begun = true;
    call.replica = replica;
    const begunAt = platform.performance.now();
    let message: Message;
    try {
      message = call.message();
    } catch (error) {
      this.#emit({ type: 'failed', id, how: 'unsent', error });
      return;
    }
    try {
      const bytes = await replica.carrier.exchange(message, {
        progress: (step, head) => {
          if (head) call.head = head;
          this.#emit({ type: 'step', id, step });
        },
      });
      call.reply = { bytes, target: replica.target, modelMs: platform.performance.now() - begunAt };
      this.#hasAnswered = true;
      this.#emit({ type: 'replied', id });
    } catch (error) {
      this.#emit({ type: 'failed', id, how: failureOf(error), error: this.#explained(error, call) });
    }
  }

  /** Returns what the replica's `explain` makes of a message's error. */
  #explained(error: unknown, { replica, head }: Call): unknown {
    return replica?.explain ? replica.explain(error, head, this.#hasAnswered) : error;
  }

  /** Removes a call, and returns it. */
  #take(id: number): Call | undefined {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    call?.signal.removeEventListener('abort', call.onAbort);
    return call;
  }
}
