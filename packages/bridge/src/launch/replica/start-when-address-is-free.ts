// Repeats a start that fails because the model's place (its port or Unix socket) is not free, until it is free. Another program may have
// the place, or the kernel may keep it for a connection that has ended. Neither is a fault of the model.
import type { BridgeError } from '../../errors/bridge-error.ts';
import { atMost } from '../../platform/at-most.ts';
import { placeErrorOf } from '../launch-errors.ts';

export interface AddressWaitOptions {
  /** Starts the model. */
  readonly start: () => Promise<void>;
  /** Returns true if the start should be repeated for this reason. */
  readonly waits: (reason: BridgeError<'BRIDGE_LAUNCH'>) => boolean;
  /** Called when a wait begins, and again when the reason changes. */
  readonly onWaiting: (reason: string) => void;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two attempts, at first and at last. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;

/** @throws what `start` throws if another reason than the place makes it fail, if `waits` returns false, or if the signal is aborted */
export async function startWhenAddressIsFree({ start, waits, onWaiting, signal }: AddressWaitOptions): Promise<void> {
  let reported: unknown;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return await start();
    } catch (error) {
      const reason = placeErrorOf(error);
      if (!reason || !waits(reason) || signal.aborted) throw error;
      if (reason.detail.reason !== reported) onWaiting(reason.message);
      reported = reason.detail.reason;
      await atMost(new Promise(() => {}), waitMs, signal);
      if (signal.aborted) throw error;
    }
  }
}
