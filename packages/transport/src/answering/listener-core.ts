// The part of a listener that does not depend on how requests arrive and replies leave: it runs handlers within limits, counts the memory
// that callers take, calls the user's `onError`, and closes within a time limit. Every listener has one, so that all listeners have the
// same limits and the same errors.
import { isTransportError } from '../errors/transport-error.ts';
import { withAddress } from '../errors/with-address.ts';
import type { Handler } from '../exchange/carrier.ts';
import { Timer } from '../exchange/long-timer.ts';
import { checkMessage, type Message } from '../framing/message.ts';
import type { AnswerLimits } from './answer-limits.ts';
import { type HandlerCall, Handlers } from './handlers.ts';
import { HeldBytes } from './held-bytes.ts';
import { cutError, overloadedError } from './limit-errors.ts';

/** The user's `onError`: called for every request that failed, with its error and the caller's address. */
export type ErrorListener = (error: unknown, peer: string) => void;

export class ListenerCore {
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
   * Calls the handler, once one more may be at work, and resolves with its answer, or undefined if it has none.
   * @throws TransportError TRANSPORT_OVERLOADED if too many requests wait, TRANSPORT_HANDLER_LATE, TRANSPORT_BAD_MESSAGE if the answer is
   *   not a message; what the handler throws
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

  /** @throws TransportError TRANSPORT_OVERLOADED if a request of `bytes` bytes would exceed `maxHeldBytes` */
  checkRoom(bytes: number): void {
    const { held } = this;
    if (held.bytes + bytes > held.max) throw overloadedError('maxHeldBytes', held.max);
  }

  /** Reports an error to `onError`. An error that `onError` throws becomes an unhandled rejection. */
  report(error: unknown, peer: string): void {
    try {
      this.#onError?.(error, peer);
    } catch (thrown) {
      void Promise.reject(thrown);
    }
  }

  /**
   * Resolves once no handler is at work, no request waits and `left` has resolved. After `closeMs` the handlers' signals abort, and `cut`
   * is called, which has to make `left` resolve.
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

/** Returns whether a handler threw the TRANSPORT_CALLER_GONE that is its signal's reason. That error was reported to `onError` before. */
export function isCallerGone(error: unknown, { control }: Pick<HandlerCall, 'control'>): boolean {
  return error === control.signal.reason && isTransportError(error, 'TRANSPORT_CALLER_GONE');
}
