// The checks of what a decoder is fed.

import { optionError } from '../errors/options.ts';
import { isBytes } from './bytes.ts';

/** @throws TransportError TRANSPORT_BAD_OPTION for anything but a Uint8Array */
export function checkChunk(chunk: unknown): void {
  if (!isBytes(chunk)) throw optionError('chunk', 'a Uint8Array', chunk);
}

/** @throws TransportError TRANSPORT_BAD_OPTION for more bytes than the memory lent has room for */
export function checkFilled(bytes: unknown, room: number): void {
  if (typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 0 && bytes <= room) return;
  throw optionError('bytes', `an integer from 0 to ${room}, the size of space()`, bytes);
}
