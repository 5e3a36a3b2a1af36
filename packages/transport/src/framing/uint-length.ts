// The framing `uintLength`: a length as an unsigned binary integer before the message:
//   00 0e 10 80 | 921728 bytes

import { checkChoice, optionError, optionsOf } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { type Frame, FrameAssembler } from './assembler.ts';
import type { Framing } from './framing.ts';
import { messageBytes } from './message.ts';

/**
 * Returns a framing in which a length as an unsigned binary integer is before each message.
 * @param options.bytes the bytes of the length, 1 to 8. A length above 2^53 - 1 is rejected in any case
 * @param options.endian the byte order. Default `big`, as in Python's struct formats '>I' and '>Q'
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function uintLength(options: { readonly bytes: number; readonly endian?: 'big' | 'little' }): Framing {
  const { bytes: width, endian = 'big' } = optionsOf('options', options, ['bytes', 'endian']);
  if (typeof width !== 'number' || !Number.isInteger(width) || width < 1 || width > 8) {
    throw optionError('bytes', 'an integer from 1 to 8', width);
  }
  checkChoice('endian', endian, ['big', 'little']);
  const place = (i: number): number => (endian === 'big' ? width - 1 - i : i);
  const measure = (head: Uint8Array): Frame | undefined => {
    if (head.length < width) return undefined;
    let length = 0;
    for (let i = width - 1; i >= 0; i--) length = length * 256 + (head[place(i)] ?? 0);
    return { skip: width, length };
  };
  return {
    maxMessageBytes: Math.min(256 ** width - 1, Number.MAX_SAFE_INTEGER),
    encode(message) {
      const length = messageBytes(message);
      if (length >= 256 ** width) {
        throw new TransportError(
          'TRANSPORT_TOO_LARGE',
          `the length of a message of ${length} bytes does not fit into ${width} bytes`,
          { bytes: length, width },
          { fault: 'caller' },
        );
      }
      const head = new Uint8Array(width);
      for (let i = 0, rest = length; i < width; i++, rest = Math.floor(rest / 256)) head[place(i)] = rest % 256;
      return [head, ...message];
    },
    decoder: (limits) => new FrameAssembler(measure, limits),
  };
}
