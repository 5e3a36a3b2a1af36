// The decoder that a framing returns, checked, because a framing may be the user's own.

import { checkFunction, propertiesOf } from '../errors/options.ts';
import type { FrameDecoder, Framing } from './framing.ts';
import type { FrameLimits } from './limits.ts';

/**
 * Returns a new decoder of a framing.
 * @throws TransportError TRANSPORT_BAD_OPTION if the framing returns something else; what the framing throws
 */
export function decoderOf(framing: Framing, limits?: Partial<FrameLimits>): FrameDecoder {
  const decoder = framing.decoder(limits);
  const { push } = propertiesOf(decoder);
  checkFunction('push of a decoder', push);
  return decoder;
}
