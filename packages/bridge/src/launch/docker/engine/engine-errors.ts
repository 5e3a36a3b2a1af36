// Errors of the Docker Engine as BridgeErrors: one code, `detail.reason` to tell them apart, and the fault of each.
import { isTransportError } from '@bridge/transport';
import { BridgeError, type BridgeFault, isBridgeError } from '../../../errors/bridge-error.ts';
import type { BridgeDetailByCode, LaunchReason } from '../../../errors/error-detail.ts';
import { quoted } from '../../../errors/quoted.ts';

/** The reasons for which a container could not be launched. */
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

/** Returns the HTTP status with which the engine refused; undefined if the engine did not answer. */
export function statusOf(error: unknown): number | undefined {
  const { statusCode } = Object(error) as { statusCode?: unknown };
  return typeof statusCode === 'number' ? statusCode : undefined;
}

/** Returns a cause of limited length. The client's errors have all of the engine's answer, of any length, three times. */
function boundedCause(cause: unknown): unknown {
  const status = statusOf(cause);
  if (isBridgeError(cause) || isTransportError(cause)) return cause;
  if (status === undefined && !(cause instanceof Error && cause.message.length > LONGEST_CAUSE)) return cause;
  return Object.assign(new Error(engineMessage(cause)), status === undefined ? {} : { statusCode: status });
}

/** Returns the engine's own message, without the words that the client adds, made safe to show. */
export function engineMessage(error: unknown): string {
  const { json, message } = Object(error) as { json?: { message?: unknown }; message?: unknown };
  return quoted(String(json?.message ?? message ?? error).trim());
}
