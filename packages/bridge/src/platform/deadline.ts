// A caller's signal and a caller's timeout as one signal, let go of when the call is over.
import type { Signal } from '@bridge/transport';
import { BridgeError } from '../errors/bridge-error.ts';
import { checkMs, checkOption, partsOf } from '../errors/options.ts';
import { OwnSignal } from './own-signal.ts';
import { platform } from './platform.ts';

/** What a timer can be set to, in milliseconds. */
export const LONGEST_MS: number = 2 ** 31 - 1;

/** What a deadline aborts with: how far the message was is known by whoever rejects the call. */
export class Expired {
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    this.timeoutMs = timeoutMs;
  }

  /**
   * @param queued calls that wait besides, where the message was one of them
   * @param waitedFor what it waited for, where it was not begun
   */
  error(begun: boolean, queued: number, waitedFor?: string): BridgeError {
    const others = queued === 1 ? '1 other call waits' : `${queued} other calls wait`;
    const why = [waitedFor, (queued > 0 || !waitedFor) && others].filter(Boolean).join('; ');
    const where = begun ? 'to a message that was begun' : `and the message was not begun: ${why}`;
    const message = `no reply within ${this.timeoutMs} ms, ${where}`;
    return new BridgeError('BRIDGE_TIMEOUT', message, { timeoutMs: this.timeoutMs, begun, queued });
  }
}

const NOTHING = (): void => {};
/** Where there is neither signal nor timeout. */
const NEVER: Disposable & { readonly signal: Signal } = {
  signal: { aborted: false, reason: undefined, addEventListener: NOTHING, removeEventListener: NOTHING },
  [Symbol.dispose]: NOTHING,
};

/** Whether it is aborted is asked as well: a proxy of a signal has the methods, and throws there. */
const SIGNAL = ['addEventListener', 'removeEventListener', 'aborted'] as const;

/** @throws BridgeError BRIDGE_OPTION unless `signal` is one, or missing */
export function checkSignal(signal: Signal | null | undefined): void {
  if (signal === undefined || signal === null) return;
  const { addEventListener, removeEventListener } = partsOf<Signal>('signal', signal, SIGNAL);
  const holds = typeof addEventListener === 'function' && typeof removeEventListener === 'function';
  checkOption('signal', signal, holds, 'an AbortSignal');
}

/**
 * A signal that aborts with `signal`, and after `ms` milliseconds with Expired; disposing it lets go of both.
 * @throws BridgeError BRIDGE_OPTION
 */
export function deadline(signal: Signal | undefined, ms: number | undefined): Disposable & { readonly signal: Signal } {
  checkMs('timeout', ms);
  checkSignal(signal);
  const limitMs = ms ?? Number.POSITIVE_INFINITY;
  if (limitMs === Number.POSITIVE_INFINITY) {
    if (!signal) return NEVER;
    if (signal instanceof OwnSignal) return { signal, [Symbol.dispose]: NOTHING };
  }
  const both = new OwnSignal();
  const follow = (): void => both.abort(signal?.reason);
  if (signal?.aborted) follow();
  signal?.addEventListener('abort', follow, { once: true });
  const stop = after(limitMs, () => both.abort(new Expired(limitMs)));
  return {
    signal: both,
    [Symbol.dispose](): void {
      stop();
      signal?.removeEventListener('abort', follow);
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
