// Messages of one codec made into messages of another: what a relay does between hosts and a model that speak different ones. Where
// both speak the same, the bytes go through as they are.
import type { Message } from '@bridge/transport';
import { checkDecoded } from '../codecs/check-codec.ts';
import type { Codec } from '../codecs/codec.ts';
import { checkOption } from '../errors/options.ts';

/**
 * Returns a function that makes a whole message of `from` into one of `to`.
 * @param name of the option that says `from`, for error messages
 * @throws BridgeError BRIDGE_OPTION where one carries names and the other does not. The function throws what the codecs throw
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
    // The cast: both carry the same, as was checked.
    return to.encode(arrays as never, maxMessageBytes).message;
  };
}
