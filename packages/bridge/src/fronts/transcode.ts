// Converts messages of one codec into messages of another, for a relay whose hosts and model have different codecs. If both have the same
// codec, the bytes are passed on as they are.
import type { Message } from '@bridge/transport';
import { decodeChecked, encodeChecked } from '../codecs/checked-messages.ts';
import type { Codec } from '../codecs/codec.ts';
import { checkOption } from '../errors/options.ts';

/**
 * Returns a function that converts a whole message of the codec `from` into one of the codec `to`. It throws what the codecs throw.
 * @param name the name of the option that has `from`, for error messages
 * @throws BridgeError BRIDGE_OPTION if one codec carries named arrays and the other does not
 */
export function transcoder(
  name: string,
  from: Codec,
  to: Codec,
  maxMessageBytes: number,
): (message: Uint8Array) => Message {
  if (from === to) return (message) => [message];
  checkOption(name, from.name, from.carries === to.carries, `a codec that carries ${to.carries}, as ${to.name} does`);
  return (message) => encodeChecked(to, decodeChecked(from, message), maxMessageBytes).message;
}
