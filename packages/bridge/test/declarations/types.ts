// Programs rely on these types of errors and signals. Every compiler of scripts/check-compilers.mjs compiles this file with the
// types of a browser alone.
import {
  type AnyBridgeError,
  type ArrayHandler,
  BridgeError,
  type BridgeErrorCode,
  isBridgeError,
} from '@bridge/bridge';

export function wasBegun(error: unknown): boolean | undefined {
  if (isBridgeError(error, 'BRIDGE_TIMEOUT')) return error.detail.begun;
  if (!isBridgeError(error)) throw error;
  return error.code === 'BRIDGE_WEDGED' ? error.detail.begun : undefined;
}

/** An error for which the guard returns false may have any other code. */
export function otherwise(error: AnyBridgeError, code: 'BRIDGE_TIMEOUT' | 'BRIDGE_CLOSED'): BridgeErrorCode {
  if (isBridgeError(error, 'BRIDGE_TURN')) return error.code satisfies 'BRIDGE_TURN';
  return isBridgeError(error, code) ? error.code : error.code;
}

export const made: BridgeError<'BRIDGE_QUEUE_FULL'> = new BridgeError('BRIDGE_QUEUE_FULL', 'full', { queueLimit: 5 });

// @ts-expect-error the detail of this code has other names
export const wrong = new BridgeError('BRIDGE_QUEUE_FULL', 'full', { limit: 5 });

/** The handler's signal is assignable to AbortSignal. */
export const handler: ArrayHandler = async (_, { signal }) => {
  const aborted: AbortSignal = signal;
  const answer = await fetch('https://example.org', { signal: aborted });
  return new Uint8Array(await answer.arrayBuffer());
};
