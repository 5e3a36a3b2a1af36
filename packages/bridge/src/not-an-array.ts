// Bytes that were to be one .npy array and are none: the model's reply, or a host's request.
import { isNpyError } from '@bridge/npy';
import { isTransportError } from '@bridge/transport';
import { BridgeError } from './errors.ts';

/** Whether an exchange failed because the reply was no array, and not for want of one. */
export function isNoReply(error: unknown): error is Error {
  return isNpyError(error) || isTransportError(error, 'TRANSPORT_BAD_FRAME');
}

/** The model's reply is none. */
export function badReply(cause: Error, detail: Record<string, unknown>): BridgeError {
  return notAnArray('BRIDGE_BAD_REPLY', "the model's reply", cause, detail);
}

/** What a host sent is none. */
export function badRequest(cause: Error, detail: Record<string, unknown>): BridgeError {
  return notAnArray('BRIDGE_BAD_REQUEST', 'the request', cause, detail);
}

function notAnArray(
  code: 'BRIDGE_BAD_REPLY' | 'BRIDGE_BAD_REQUEST',
  what: string,
  cause: Error,
  detail: Record<string, unknown>,
): BridgeError {
  const { code: why, detail: found } = cause as { code?: unknown; detail?: object };
  // The reader says whose message it is; here that is said already.
  const message = isNpyError(cause) ? cause.message.replace(/^npy: /, '') : cause.message;
  return new BridgeError(code, `${what} is not one .npy array: ${message}`, { ...found, ...detail, why }, { cause });
}
