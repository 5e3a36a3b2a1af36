// Converts messages of one codec into messages of another, for a relay whose hosts and model have different codecs. If both have the same
// codec, the bytes are passed on as they are.
import type { Message } from '@bridge/transport';
import { checkDecoded } from '../codecs/check-codec.ts';
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
  return (message) => {
    const arrays = from.decode(message);
    checkDecoded(arrays, from, message.length);
    // The cast: `carries` of both codecs is the same, as was checked above.
    return to.encode(arrays as never, maxMessageBytes).message;
  };
}
