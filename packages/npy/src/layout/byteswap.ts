// Reverses the bytes of every word, in place: what turns one byte order into the other.
// By words of the machine where the memory is aligned; an integer keeps every bit, NaN payloads included.
import { type DType, isForeign } from '../dtype/dtype.ts';
import { forEachRun } from './runs.ts';

/** Swaps every word that `type` has in the other byte order, in elements that lie one behind the other. */
export function swapForeign(bytes: Uint8Array, type: DType): void {
  if (!isForeign(type)) return;
  if (!type.fields && !type.subarray) {
    byteswap(bytes, type.wordBytes);
    return;
  }
  forEachRun(type, bytes.length / type.itemsize, isForeign, ({ type: { itemsize, wordBytes }, start, count, step }) => {
    for (let i = 0; i < count; i++) swapBytes(bytes.subarray(start + i * step, start + i * step + itemsize), wordBytes);
  });
}

/** Swaps in place. `bytes.length` is a multiple of `wordBytes`, which is 1, 2, 4, 8 or 16. */
export function byteswap(bytes: Uint8Array, wordBytes: number): void {
  if (wordBytes === 1) return;
  if (wordBytes === 16 || bytes.byteOffset % Math.min(wordBytes, 4) !== 0) swapBytes(bytes, wordBytes);
  else if (wordBytes === 2) swap16(new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 1));
  else if (wordBytes === 4) swap32(new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4));
  else swap64(new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4));
}

function swapBytes(bytes: Uint8Array, wordBytes: number): void {
  for (let start = 0; start < bytes.length; start += wordBytes) bytes.subarray(start, start + wordBytes).reverse();
}

function swap16(words: Uint16Array): void {
  for (let i = 0; i < words.length; i++) {
    const w = words[i] as number;
    words[i] = (w << 8) | (w >>> 8);
  }
}

function reverse32(w: number): number {
  return (w << 24) | ((w & 0xff00) << 8) | ((w >>> 8) & 0xff00) | (w >>> 24);
}

function swap32(words: Uint32Array): void {
  for (let i = 0; i < words.length; i++) words[i] = reverse32(words[i] as number);
}

/** Eight bytes as two halves, each reversed, in each other's place. */
function swap64(halves: Uint32Array): void {
  for (let i = 0; i + 1 < halves.length; i += 2) {
    const low = halves[i] as number;
    halves[i] = reverse32(halves[i + 1] as number);
    halves[i + 1] = reverse32(low);
  }
}
