// Errors for messages that a codec cannot read: a model's reply, or a host's request. The codec's own error is the cause.
import { isNpyError } from '@bridge/npy';
import { describeValue } from '@bridge/transport';
import { SHOWN_BYTES } from '@bridge/transport/internal';
import { unlike } from '../detection/guess-dialect.ts';
import { BridgeError, isBridgeError } from '../errors/bridge-error.ts';
import type { BridgeDetailByCode } from '../errors/error-detail.ts';
import type { Codec } from './codec.ts';
import { sampleMessage } from './sample-message.ts';

/**
 * Returns the error for a model's reply that its codec cannot read.
 * @param codec null if the codec is not known
 * @param bytes the reply, if all of it has arrived
 */
export function badReply(
  cause: unknown,
  codec: Codec | null,
  detail: BridgeDetailByCode['BRIDGE_BAD_REPLY'],
  bytes?: Uint8Array,
): BridgeError {
  return badMessage('BRIDGE_BAD_REPLY', "the model's reply", cause, codec, detail, bytes);
}

/** Returns the error for a host's request that its codec cannot read. The parameters are those of `badReply`. */
export function badRequest(
  cause: unknown,
  codec: Codec | null,
  detail: BridgeDetailByCode['BRIDGE_BAD_REQUEST'],
  bytes?: Uint8Array,
): BridgeError {
  return badMessage('BRIDGE_BAD_REQUEST', 'the request', cause, codec, detail, bytes);
}

/** Returns a codec's name for one of its messages: `one .npy array`. */
function titleOf(codec: Codec | null): string {
  return codec ? (codec.title ?? `a message of the codec ${codec.name}`) : 'a message';
}

const OBJECTS =
  'it is an object array (np.save of a dict, of rows of unequal length or of other Python objects), which is a pickle, and pickles ' +
  'are not read here. Send numbers, np.asarray(x, dtype=float), or a structured array';

function badMessage(
  code: 'BRIDGE_BAD_REPLY' | 'BRIDGE_BAD_REQUEST',
  subject: string,
  cause: unknown,
  codec: Codec | null,
  detail: object,
  bytes: Uint8Array | undefined,
): BridgeError {
  // A codec of the user's that breaks its contract is not the peer's fault.
  if (isBridgeError(cause, 'BRIDGE_OPTION')) return cause;
  const { code: why, detail: found } = Object(cause) as { code?: unknown; detail?: object };
  const text = cause instanceof Error ? cause.message : typeof cause === 'string' ? cause : describeValue(cause);
  // Messages of npy begin with the package's name. Here the sentence has already said whose message it is.
  const said = isNpyError(cause) ? text.replace(/^npy: /, '') : text;
  const reason = why === 'NPY_OBJECTS' ? OBJECTS : bytes?.length === 0 ? 'it has no bytes at all' : said;
  const hint =
    bytes && bytes.length > 0 ? unlike(undefined, bytes.subarray(0, SHOWN_BYTES), sampleMessage(codec)) : undefined;
  const message = `${subject} is not ${titleOf(codec)}: ${reason}${hint === undefined ? '' : `; ${hint}`}`;
  return new BridgeError(code, message, { ...found, ...detail, ...(hint !== undefined && { hint }), why }, { cause });
}
