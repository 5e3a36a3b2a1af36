// A length in decimal digits, ended by a mark, in front of the message:
//   "921728:" | 921728 bytes
import { TransportError } from '../errors.ts';
import { messageBytes } from '../message.ts';
import { type Frame, FrameAssembler } from './assembler.ts';
import { asciiBytes, asciiText, parseDigits } from './decimal.ts';
import type { Framing } from './framing.ts';

/** The digits of 2^53 - 1. */
const MAX_DIGITS = 16;

/**
 * Lengths as decimal digits up to a mark.
 * @param options.end one ASCII character that is no digit
 */
export function decimalLength(options: { readonly end: string }): Framing {
  const mark = options.end.charCodeAt(0);
  const measure = (head: Uint8Array): Frame | undefined => {
    const window = head.subarray(0, MAX_DIGITS + 1);
    const digits = window.indexOf(mark);
    const text = asciiText(digits < 0 ? window : window.subarray(0, digits));
    const length = parseDigits(text);
    if (length === undefined || (digits < 0 && window.length > MAX_DIGITS)) {
      throw new TransportError(
        'TRANSPORT_BAD_FRAME',
        `expected digits and ${options.end}, found ${JSON.stringify(text)}`,
        {
          text,
        },
      );
    }
    return digits < 0 ? undefined : { skip: digits + 1, length };
  };
  return {
    encode: (message) => [asciiBytes(messageBytes(message) + options.end), ...message],
    decoder: (limits) => new FrameAssembler(measure, limits),
  };
}
