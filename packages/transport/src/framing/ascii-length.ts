// The framing `asciiLength`: a length in decimal digits, padded with spaces to a fixed width, before the message:
//   "921728    " | 921728 bytes

import { optionError, optionsOf } from '../errors/options.ts';
import { plain, quoted } from '../errors/quoted.ts';
import { TransportError } from '../errors/transport-error.ts';
import { type Frame, FrameAssembler } from './assembler.ts';
import { asciiBytes, asciiText, isDigit } from './decimal.ts';
import type { Framing } from './framing.ts';
import { messageBytes } from './message.ts';

/** The largest width, which is more than any program uses. */
const MAX_WIDTH = 1024;

/**
 * Returns a framing in which a length in decimal digits is before each message, left-aligned and padded with spaces. Python writes such a
 * length by `f"{length:<10}"` and reads it by `int()`.
 * @param options.width bytes of the length field, 1 to 1024. A width of 10 is enough for messages of up to 9 999 999 999 bytes
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function asciiLength(options: { readonly width: number }): Framing {
  const { width } = optionsOf('options', options, ['width']);
  if (typeof width !== 'number' || !Number.isInteger(width) || width < 1 || width > MAX_WIDTH) {
    throw optionError('width', `a whole number of bytes from 1 to ${MAX_WIDTH}`, width);
  }
  const measure = (head: Uint8Array): Frame | undefined => {
    if (head.length < width) return undefined;
    const field = head.subarray(0, width);
    const text = asciiText(field);
    // The field is digits, with spaces before or after them.
    const start = field.findIndex((byte) => !isSpace(byte));
    let end = start;
    while (isDigit(field[end])) end++;
    if (start < 0 || start === end || !field.subarray(end).every(isSpace)) {
      throw new TransportError(
        'TRANSPORT_BAD_FRAME',
        `expected a length of ${width} digits and spaces, found ${quoted(text)}`,
        {
          text: plain(text),
        },
      );
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
          `the length of a message of ${digits} bytes does not fit into ${width} digits`,
          { bytes: Number(digits), width },
          { fault: 'caller' },
        );
      }
      return [asciiBytes(digits.padEnd(width)), ...message];
    },
    decoder: (limits) => new FrameAssembler(measure, limits),
  };
}

/** Returns whether a byte is ASCII white space, which Python's `int()` ignores around the digits. */
function isSpace(byte: number): boolean {
  return byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);
}
