// The beginning of a codec's messages, which tells a message of that codec from bytes of another kind.
import { joinMessage } from '@bridge/transport';
import type { Codec } from './codec.ts';

/** Returns a small message of a codec, or undefined if the codec does not encode an array of one number. */
export function sampleOf(codec: Codec | null): Uint8Array | undefined {
  if (!codec) return undefined;
  try {
    // The cast: one of the two is what the codec takes.
    const input = (codec.carries === 'array' ? [0] : { array: [0] }) as never;
    return joinMessage(codec.encode(input, Number.POSITIVE_INFINITY).message);
  } catch {
    return undefined;
  }
}
