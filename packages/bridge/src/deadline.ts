// A caller's signal and a caller's timeout as one signal, let go of when the call is over.
import type { Signal } from '@bridge/transport';
import { BridgeError } from './errors.ts';
import { checkMs, checkOption } from './option.ts';
import { platform } from './platform.ts';

/** What a timer can be set to, in milliseconds. */
export const LONGEST_MS: number = 2 ** 31 - 1;

/** What a deadline aborts with: how far the message was is known by whoever rejects the call. */
export class Expired {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /** @param queued calls that wait, where the message was one of them */
  error(begun: boolean, queued: number): BridgeError {
    const where = begun ? 'to a message that was begun' : `and the message was not begun: ${queued} calls wait`;
    const message = `no reply within ${this.timeoutMs} ms, ${where}`;
    return new BridgeError('BRIDGE_TIMEOUT', message, { timeoutMs: this.timeoutMs, begun, queued });
  }
}

/** Where there is neither signal nor timeout. */
const NEVER: Disposable & { readonly signal: Signal } = {
  signal: { aborted: false, reason: undefined, addEventListener: () => {}, removeEventListener: () => {} },
  [Symbol.dispose]: () => {},
};

/** @throws BridgeError BRIDGE_OPTION unless `signal` is one, or missing */
export function checkSignal(signal: Signal | null | undefined): void {
  const { addEventListener, removeEventListener } = Object(signal ?? NEVER.signal) as Partial<Signal>;
  const holds = typeof addEventListener === 'function' && typeof removeEventListener === 'function';
  checkOption('signal', signal, holds, 'an AbortSignal');
}

/**
 * A signal that follows `signal` and aborts after `ms` milliseconds with Expired; disposing it lets go of both.
 * @throws BridgeError BRIDGE_OPTION
 */
export function deadline(signal: Signal | undefined, ms: number | undefined): Disposable & { readonly signal: Signal } {
  checkMs('timeout', ms);
  checkSignal(signal);
  const limitMs = ms ?? Number.POSITIVE_INFINITY;
  if (!signal && limitMs === Number.POSITIVE_INFINITY) return NEVER;
  const listeners = new Set<() => void>();
  const state = {
    aborted: signal?.aborted ?? false,
    reason: signal?.reason as unknown,
    addEventListener: (_: 'abort', listener: () => void): void => void listeners.add(listener),
    removeEventListener: (_: 'abort', listener: () => void): void => void listeners.delete(listener),
  };
  const abort = (reason: unknown): void => {
    if (state.aborted) return;
    state.aborted = true;
    state.reason = reason;
    for (const listener of [...listeners]) listener();
  };
  const follow = (): void => abort(signal?.reason);
  signal?.addEventListener('abort', follow, { once: true });
  const stop = after(limitMs, () => abort(new Expired(limitMs)));
  return {
    signal: state,
    [Symbol.dispose](): void {
      signal?.removeEventListener('abort', follow);
      stop();
    },
  };
}

/** Runs `run` after `ms`, which may be longer than a timer can be, or Infinity; the answer calls it off. */
export function after(ms: number, run: () => void): () => void {
  if (ms === Number.POSITIVE_INFINITY) return () => {};
  let timer: unknown;
  const wait = (left: number): void => {
    const now = Math.min(left, LONGEST_MS);
    timer = platform.setTimeout(() => (left > now ? wait(left - now) : run()), now);
  };
  wait(ms);
  return () => platform.clearTimeout(timer);
}
