// A length as an unsigned binary integer in front of the message:
//   00 0e 10 80 | 921728 bytes

import { checkChoice, optionError, optionsOf } from '../errors/options.ts';
import { TransportError } from '../errors/transport-error.ts';
import { type Frame, FrameAssembler } from './assembler.ts';
import type { Framing } from './framing.ts';
import { messageBytes } from './message.ts';

/**
 * Returns a framing with lengths as unsigned integers.
 * @param options.bytes 1 to 8; lengths past 2^53 - 1 are refused whatever the width
 * @param options.endian default `big`, as Python's struct '>I' and '>Q'
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
          `a message of ${length} bytes does not fit into a length of ${width} bytes`,
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
