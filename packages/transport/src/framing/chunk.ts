// The checks of the arguments of a decoder's `push` and `filled`.

import { optionError } from '../errors/options.ts';
import { isBytes } from './bytes.ts';

/** @throws TransportError TRANSPORT_BAD_OPTION if `chunk` is not a Uint8Array */
export function checkChunk(chunk: unknown): void {
  if (!isBytes(chunk)) throw optionError('chunk', 'a Uint8Array', chunk);
}

/** @throws TransportError TRANSPORT_BAD_OPTION unless `bytes` is a whole number from 0 to `room`, the size of the memory lent */
export function checkFilled(bytes: unknown, room: number): void {
  if (typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 0 && bytes <= room) return;
  throw optionError('bytes', `an integer from 0 to ${room}, the size of space()`, bytes);
}
