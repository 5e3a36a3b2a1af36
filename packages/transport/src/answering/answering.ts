// The answering end of a listener, apart from how requests come to it and replies leave: handlers within limits, an account of the
// memory that callers take, the user's `onError`, and a close within a time limit. Every listener has one, so that all of them have the
// same limits and the same errors.
import { isTransportError } from '../errors/transport-error.ts';
import { withAddress } from '../errors/with-address.ts';
import type { Handler } from '../exchange/carrier.ts';
import { Timer } from '../exchange/timer.ts';
import { checkMessage, type Message } from '../framing/message.ts';
import type { AnswerLimits } from './answer-limits.ts';
import { type HandlerCall, Handlers } from './handlers.ts';
import { HeldBytes } from './held-bytes.ts';
import { cutError, overloadedError } from './limit-errors.ts';

/** Called for every request that failed, with its error and the caller's address. */
export type ErrorListener = (error: unknown, peer: string) => void;

export class Answering {
  readonly held: HeldBytes;
  readonly #limits: AnswerLimits;
  readonly #handlers: Handlers;
  readonly #onError: ErrorListener | undefined;

  constructor(handler: Handler, limits: AnswerLimits, onError: ErrorListener | undefined) {
    this.held = new HeldBytes(limits.maxHeldBytes);
    this.#limits = limits;
    this.#handlers = new Handlers(handler, limits, this.held);
    this.#onError = onError;
  }

  /**
   * Resolves with the handler's answer, once it has its turn; undefined if it answers nothing.
   * @throws TransportError TRANSPORT_OVERLOADED if too many wait, TRANSPORT_HANDLER_LATE, TRANSPORT_BAD_MESSAGE for an answer that is not
   *   a message; what the handler throws
   */
  async answer(call: HandlerCall): Promise<Message | undefined> {
    const answer = await this.#handlers.answer(call);
    if (answer === undefined) return undefined;
    try {
      checkMessage(answer);
    } catch (error) {
      throw withAddress(call.address, error, { peer: call.peer });
    }
    return answer;
  }

  /** @throws TransportError TRANSPORT_OVERLOADED if no memory is left for a request of so many bytes */
  checkRoom(bytes: number): void {
    const { held } = this;
    if (held.bytes + bytes > held.max) throw overloadedError('maxHeldBytes', held.max);
  }

  /** Calls `onError`. An error that it throws harms no other request: it becomes an unhandled rejection. */
  tell(error: unknown, peer: string): void {
    try {
      this.#onError?.(error, peer);
    } catch (thrown) {
      void Promise.reject(thrown);
    }
  }

  /**
   * Resolves once no handler is at work, no request waits and `left` has resolved. After `closeMs` the handlers' signals are aborted,
   * and `cut` is called, which has to end whatever `left` waits for.
   */
  async close(address: string, left: Promise<unknown>, cut: () => void): Promise<void> {
    const { closeMs } = this.#limits;
    const timer = new Timer();
    timer.set(closeMs, () => {
      this.#handlers.abandon(cutError(address, closeMs));
      cut();
    });
    await Promise.all([left, this.#handlers.idle()]);
    timer.stop();
  }
}

/** Returns whether a handler failed with its own signal's reason, the error that says that its caller has gone: `onError` has it already. */
export function isCallerGone(error: unknown, { control }: Pick<HandlerCall, 'control'>): boolean {
  return error === control.signal.reason && isTransportError(error, 'TRANSPORT_CALLER_GONE');
}
