// The framing `decimalLength`: a length in decimal digits, and one character at its end, before the message:
//   "921728:" | 921728 bytes

import { describeValue } from '../errors/describe-value.ts';
import { optionError, optionsOf } from '../errors/options.ts';
import { plain, quoted } from '../errors/quoted.ts';
import { TransportError } from '../errors/transport-error.ts';
import { type Frame, FrameAssembler } from './assembler.ts';
import { asciiBytes, asciiText, isDigit } from './decimal.ts';
import type { Framing } from './framing.ts';
import { messageBytes } from './message.ts';

/** The number of digits of 2^53 - 1. */
const MAX_DIGITS = 16;

/**
 * Returns a framing in which a length in decimal digits is before each message.
 * @param options.end the character after the digits: one ASCII character that is not a digit
 * @throws TransportError TRANSPORT_BAD_OPTION
 */
export function decimalLength(options: { readonly end: string }): Framing {
  const { end } = optionsOf('options', options, ['end']);
  const mark = typeof end === 'string' && end.length === 1 ? end.charCodeAt(0) : Number.NaN;
  if (!(mark < 0x80) || isDigit(mark)) throw optionError('end', 'one ASCII character that is not a digit', end);
  const measure = (head: Uint8Array): Frame | undefined => {
    let digits = 0;
    while (digits <= MAX_DIGITS && isDigit(head[digits])) digits++;
    if (digits === head.length && digits <= MAX_DIGITS) return undefined;
    if (digits === 0 || digits > MAX_DIGITS || head[digits] !== mark) {
      const text = asciiText(head.subarray(0, Math.min(digits, MAX_DIGITS) + 1));
      throw new TransportError(
        'TRANSPORT_BAD_FRAME',
        `expected digits and ${describeValue(end)}, found ${quoted(text)}`,
        {
          text: plain(text),
        },
      );
    }
    return { skip: digits + 1, length: Number(asciiText(head.subarray(0, digits))) };
  };
  return {
    encode: (message) => [asciiBytes(messageBytes(message) + String.fromCharCode(mark)), ...message],
    decoder: (limits) => new FrameAssembler(measure, limits),
  };
}
