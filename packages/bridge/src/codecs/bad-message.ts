// Bytes that were to be one .npy array and are none: the model's reply, or a host's request.
import { isNpyError } from '@bridge/npy';
import { isTransportError } from '@bridge/transport';
import { HEAD_BYTES, unlike } from '../dialects/guess.ts';
import { BridgeError } from '../errors/bridge-error.ts';

/** Whether an exchange failed because the reply was no array, and not for want of one. */
export function isNoReply(error: unknown): error is Error {
  return isNpyError(error) || isTransportError(error, 'TRANSPORT_BAD_FRAME');
}

/** The error of a model's reply that is no array. `bytes`: the reply, where it came whole. */
export function badReply(cause: Error, detail: Record<string, unknown>, bytes?: Uint8Array): BridgeError {
  return notAnArray('BRIDGE_BAD_REPLY', "the model's reply", cause, detail, bytes);
}

/** The error of a host's request that is no array. */
export function badRequest(cause: Error, detail: Record<string, unknown>, bytes?: Uint8Array): BridgeError {
  return notAnArray('BRIDGE_BAD_REQUEST', 'the request', cause, detail, bytes);
}

const OBJECTS =
  'it is an object array: np.save of a dict, of rows of unequal length or of other Python objects, which is a pickle and is not ' +
  'read here. What is read is numbers: np.asarray(x, dtype=float), or a structured array';

function notAnArray(
  code: 'BRIDGE_BAD_REPLY' | 'BRIDGE_BAD_REQUEST',
  what: string,
  cause: Error,
  detail: Record<string, unknown>,
  bytes: Uint8Array | undefined,
): BridgeError {
  const { code: why, detail: found } = cause as { code?: unknown; detail?: object };
  // The reader says whose message it is; here that is said already.
  const said = isNpyError(cause) ? cause.message.replace(/^npy: /, '') : cause.message;
  const reason = why === 'NPY_OBJECTS' ? OBJECTS : bytes?.length === 0 ? 'it has no bytes at all' : said;
  const hint = bytes && unlike(undefined, bytes.subarray(0, HEAD_BYTES));
  const message = `${what} is not one .npy array: ${reason}${hint === undefined ? '' : `; ${hint}`}`;
  return new BridgeError(code, message, { ...found, ...detail, ...(hint !== undefined && { hint }), why }, { cause });
}
