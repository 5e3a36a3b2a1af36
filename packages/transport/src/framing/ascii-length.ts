// A length in decimal digits, padded with spaces to a fixed width, in front of the message:
//   "921728    " | 921728 bytes

import { optionError, optionsOf } from '../errors/options.ts';
import { plain, quoted } from '../errors/quoted.ts';
import { TransportError } from '../errors/transport-error.ts';
import { type Frame, FrameAssembler } from './assembler.ts';
import { asciiBytes, asciiText, isDigit } from './decimal.ts';
import type { Framing } from './framing.ts';
import { messageBytes } from './message.ts';

/** Wider than any program pads a length. */
const MAX_WIDTH = 1024;

/**
 * Returns a framing with lengths as left-aligned decimal digits, padded with spaces: Python's `f"{length:<10}"` writes them, `int()` reads
 * them.
 * @param options.width bytes of the length field, 1 to 1024; 10 carries up to 9 999 999 999 bytes
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function asciiLength(options: { readonly width: number }): Framing {
  const { width } = optionsOf('options', options, ['width']);
  if (typeof width !== 'number' || !Number.isInteger(width) || width < 1 || width > MAX_WIDTH) {
    throw optionError('width', `an integer from 1 to ${MAX_WIDTH}`, width);
  }
  const measure = (head: Uint8Array): Frame | undefined => {
    if (head.length < width) return undefined;
    const field = head.subarray(0, width);
    const text = asciiText(field);
    // The field is spaces, digits, spaces.
    const start = field.findIndex((byte) => !isSpace(byte));
    let end = start;
    while (isDigit(field[end])) end++;
    if (start < 0 || start === end || !field.subarray(end).every(isSpace)) {
      throw new TransportError('TRANSPORT_BAD_FRAME', `expected ${width} digits, found ${quoted(text)}`, {
        text: plain(text),
      });
    }
    return { skip: width, length: Number(text.slice(start, end)) };
  };
  return {
    maxMessageBytes: Math.min(10 ** width - 1, Number.MAX_SAFE_INTEGER),
    encode(message) {
      const digits = String(messageBytes(message));
      if (digits.length > width) {
        throw new TransportError(
          'TRANSPORT_TOO_LARGE',
          `a message of ${digits} bytes does not fit into ${width} digits`,
          { bytes: Number(digits), width },
          { fault: 'caller' },
        );
      }
      return [asciiBytes(digits.padEnd(width)), ...message];
    },
    decoder: (limits) => new FrameAssembler(measure, limits),
  };
}

/** Returns whether a byte is ASCII's white space, which `int()` strips off. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
