// A start that fails because the model's place (its port or Unix socket) is not free, tried again until it is: another program may
// have it, or the kernel may keep it for a connection that has ended. Neither is a fault of the model.
import type { BridgeError } from '../../errors/bridge-error.ts';
import { atMost } from '../../platform/at-most.ts';
import { placeErrorOf } from '../launch-errors.ts';

export interface PlaceWaitOptions {
  /** Starts the model. */
  readonly start: () => Promise<void>;
  /** Returns true if this reason is worth a wait. */
  readonly waits: (reason: BridgeError<'BRIDGE_LAUNCH'>) => boolean;
  /** Called when a wait begins, and again when the reason changes. */
  readonly onWaiting: (reason: string) => void;
  /** Ends the wait. */
  readonly signal: AbortSignal;
}

/** Milliseconds between two attempts. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1000;

/** @throws what `start` throws, unless `waits` says that its reason is worth a wait */
export async function startWhenPlaceIsFree({ start, waits, onWaiting, signal }: PlaceWaitOptions): Promise<void> {
  let told: unknown;
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return await start();
    } catch (error) {
      const reason = placeErrorOf(error);
      if (!reason || !waits(reason) || signal.aborted) throw error;
      if (reason.detail.reason !== told) onWaiting(reason.message);
      told = reason.detail.reason;
      await atMost(new Promise(() => {}), waitMs, signal);
      if (signal.aborted) throw error;
    }
  }
}
