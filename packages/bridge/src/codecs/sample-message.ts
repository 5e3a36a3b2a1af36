// A small message of a codec. Bytes from a peer are compared with its first bytes, to guess whether they are a message of that codec.
import { joinMessage } from '@bridge/transport';
import { encodeChecked } from './checked-messages.ts';
import type { Codec } from './codec.ts';

/** Returns a small message of a codec, or undefined if the codec cannot encode an array of one number. */
export function sampleMessage(codec: Codec | null): Uint8Array | undefined {
  if (!codec) return undefined;
  try {
    const input = codec.carries === 'array' ? [0] : { array: [0] };
    return joinMessage(encodeChecked(codec, input, Number.POSITIVE_INFINITY).message);
  } catch {
    return undefined;
  }
}
