// Joins a caller's signal and timeout into one signal, which is released when the call is over.
import type { Signal } from '@bridge/transport';
import { Timer } from '@bridge/transport/internal';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkOption } from '../errors/options.ts';
import { OwnSignal } from './own-signal.ts';

/** The reason with which a deadline aborts. The code that rejects the call knows how far its message got, and makes the error. */
export class Expired {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /**
   * @param begun true if the message may have reached the model
   * @param queued the number of other calls that wait
   * @param waitedFor the reason for which the call waited, if its message was not begun
   */
  error(begun: boolean, queued: number, waitedFor?: string): BridgeError {
    const others = queued === 1 ? '1 other call waits' : `${queued} other calls wait`;
    const why = [waitedFor, (queued > 0 || !waitedFor) && others].filter(Boolean).join('; ');
    const where = begun ? 'the message may have reached the model' : `the message was not sent: ${why}`;
    const message = `no reply within ${this.timeoutMs} ms; ${where}`;
    return new BridgeError('BRIDGE_TIMEOUT', message, { timeoutMs: this.timeoutMs, begun, queued });
  }
}

const NOTHING = (): void => {};
const NEVER: Signal = {
  aborted: false,
  reason: undefined,
  addEventListener: NOTHING,
  removeEventListener: NOTHING,
};

/** @throws BridgeError BRIDGE_OPTION unless `signal` is an AbortSignal, or missing */
export function checkSignal(signal: Signal | null | undefined): void {
  if (signal === undefined || signal === null) return;
  const holds = typeof signal.addEventListener === 'function' && typeof signal.removeEventListener === 'function';
  checkOption('signal', signal, holds, 'an AbortSignal');
}

/** A caller's signal and timeout, joined into one signal. */
export interface Deadline extends Disposable {
  /** Aborts with the reason of the caller's signal, or with an `Expired` when the time is over. */
  readonly signal: Signal;
  /** Stops listening to the caller's signal, and stops the timer. */
  readonly end: () => void;
}

const NO_DEADLINE: Deadline = { signal: NEVER, end: NOTHING, [Symbol.dispose]: NOTHING };

/** Returns a deadline of a caller's signal and timeout, both of which have been checked. */
export function deadline(signal: Signal | undefined, ms: number = Number.POSITIVE_INFINITY): Deadline {
  if (ms === Number.POSITIVE_INFINITY) {
    if (!signal) return NO_DEADLINE;
    if (signal instanceof OwnSignal) return { signal, end: NOTHING, [Symbol.dispose]: NOTHING };
  }
  const both = new OwnSignal();
  const follow = (): void => both.abort(signal?.reason);
  if (signal?.aborted) follow();
  signal?.addEventListener('abort', follow, { once: true });
  const timer = new Timer();
  timer.set(ms, () => both.abort(new Expired(ms)));
  const end = (): void => {
    timer.stop();
    signal?.removeEventListener('abort', follow);
  };
  return { signal: both, end, [Symbol.dispose]: end };
}

/**
 * Calls `run` after `ms` milliseconds, however many these are; never if `ms` is Infinity. If the program was busy, the replies that wait in
 * the system are read first. Returns a function that cancels the call.
 */
export function after(ms: number, run: () => void): () => void {
  if (ms === Number.POSITIVE_INFINITY) return NOTHING;
  const timer = new Timer();
  timer.set(ms, run);
  return () => timer.stop();
}
