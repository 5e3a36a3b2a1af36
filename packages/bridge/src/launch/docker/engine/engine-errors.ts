// The engine's errors in this package's words: one code, `detail.reason` for what is told apart, and whose fault it is.
import { isTransportError } from '@bridge/transport';
import { BridgeError, type BridgeFault, isBridgeError } from '../../../errors/bridge-error.ts';
import type { BridgeDetailByCode, LaunchReason } from '../../../errors/error-detail.ts';
import { quoted } from '../../../errors/quoted.ts';

/** Why a container is not there. */
export type DockerReason = Exclude<LaunchReason, 'taken' | 'kept'>;

const FAULTS: Readonly<Record<DockerReason, BridgeFault>> = {
  'no-client': 'environment',
  'no-engine': 'environment',
  'no-image': 'caller',
  build: 'caller',
  refused: 'caller',
  'no-route': 'environment',
};

export function dockerError(
  reason: DockerReason,
  message: string,
  detail: Omit<BridgeDetailByCode['BRIDGE_LAUNCH'], 'reason'> = {},
  cause?: unknown,
): BridgeError {
  const options = { fault: FAULTS[reason], ...(cause !== undefined && { cause: boundedCause(cause) }) };
  return new BridgeError('BRIDGE_LAUNCH', message, { reason, ...detail }, options);
}

const LONGEST_CAUSE = 2000;

/** The HTTP status with which the engine refused; undefined where it did not answer. */
export function statusOf(error: unknown): number | undefined {
  const { statusCode } = Object(error) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}

/** The client's errors hold all that the engine said, three times over, however much that is. */
function boundedCause(cause: unknown): unknown {
  const status = statusOf(cause);
  if (isBridgeError(cause) || isTransportError(cause)) return cause;
  if (status === undefined && !(cause instanceof Error && cause.message.length > LONGEST_CAUSE)) return cause;
  return Object.assign(new Error(engineMessage(cause)), status === undefined ? {} : { statusCode: status });
}

/** What the engine said, for a message, without what its client puts around it. */
export function engineMessage(error: unknown): string {
  const { json, message } = Object(error) as { json?: { message?: unknown }; message?: unknown };
  return quoted(String(json?.message ?? message ?? error).trim());
}
