// A small message of a codec. The bytes of a peer are compared with its beginning, to guess whether they are of that codec.
import { joinMessage } from '@bridge/transport';
import type { Codec } from './codec.ts';

/** Returns a small message of a codec, or undefined if the codec does not encode an array of one number. */
export function sampleMessage(codec: Codec | null): Uint8Array | undefined {
  if (!codec) return undefined;
  try {
    // The cast: one of the two is what the codec takes.
    const input = (codec.carries === 'array' ? [0] : { array: [0] }) as never;
    return joinMessage(codec.encode(input, Number.POSITIVE_INFINITY).message);
  } catch {
    return undefined;
  }
}
