// The framing `fixedLength`: messages of one size, with nothing between them, such as the raw bytes of arrays of one shape.

import { optionError, optionsOf } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { FrameAssembler } from './assembler.ts';
import type { Framing } from './framing.ts';
import { messageBytes } from './message.ts';

/**
 * Returns a framing in which every message has the same size, such as Python's `sock.sendall(frame.tobytes())` for frames of one shape.
 * @param options.bytes the bytes of every message, from 1 on
 * @throws TransportError TRANSPORT_BAD_OPTION
 * @example
 * const framing = fixedLength({ bytes: 480 * 640 * 3 });
 */
export function fixedLength(options: { readonly bytes: number }): Framing {
  const { bytes } = optionsOf('options', options, ['bytes']);
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 1) {
    throw optionError('bytes', 'an integer from 1 on', bytes);
  }
  const frame = { skip: 0, length: bytes };
  return {
    maxMessageBytes: bytes,
    encode(message) {
      const actual = messageBytes(message);
      if (actual === bytes) return message;
      throw new TransportError(
        'TRANSPORT_BAD_MESSAGE',
        `every message of this framing must have ${bytes} bytes, and this one has ${actual}`,
        {
          expected: bytes,
          actual,
        },
      );
    },
    decoder: (limits) => new FrameAssembler(() => frame, limits),
  };
}
