// A caller's signal and a caller's timeout as one signal, let go of when the call is over.
import type { Signal } from '@bridge/transport';
import { BridgeError } from './errors.ts';
import { platform } from './platform.ts';

/** Where there is neither signal nor timeout. */
const NEVER: Disposable & { readonly signal: Signal } = {
  signal: { aborted: false, reason: undefined, addEventListener: () => {}, removeEventListener: () => {} },
  [Symbol.dispose]: () => {},
};

/** A signal that follows `signal` and aborts after `ms` milliseconds with BRIDGE_TIMEOUT; disposing it lets go of both. */
export function deadline(signal: Signal | undefined, ms: number | undefined): Disposable & { readonly signal: Signal } {
  if (!signal && ms === undefined) return NEVER;
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
  const expire = (): void => abort(new BridgeError('BRIDGE_TIMEOUT', `no reply within ${ms} ms`, { timeoutMs: ms }));
  const timer = ms === undefined ? undefined : platform.setTimeout(expire, ms);
  return {
    signal: state,
    [Symbol.dispose](): void {
      signal?.removeEventListener('abort', follow);
      platform.clearTimeout(timer);
    },
  };
}
