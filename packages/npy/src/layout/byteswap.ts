// Reverses the bytes of every word, in place: what turns one byte order into the other. By the runtime itself where it can,
// otherwise by integers, which keep every bit, NaN payloads included.
import { type DType, isForeign } from '../dtype/dtype.ts';
import { NATIVE_ORDER, nativeSwaps } from '../memory/byte-order.ts';
import { forEachRun } from './number-runs.ts';

/** Swaps every word that `type` has in the other byte order, in elements that lie one behind the other. */
export function swapForeign(bytes: Uint8Array, type: DType): void {
  if (!isForeign(type)) return;
  if (!type.fields && !type.subarray) {
    byteswap(bytes, type.wordBytes);
    return;
  }
  forEachRun(type, bytes.length / type.itemsize, isForeign, ({ type: { itemsize, wordBytes }, start, count, step }) => {
    for (let at = start; at < start + count * step; at += step) swapBytes(bytes, at, at + itemsize, wordBytes);
  });
}

/** Swaps in place. `bytes.length` is a multiple of `wordBytes`, which is 1, 2, 4, 8 or 16. */
export function byteswap(bytes: Uint8Array, wordBytes: number): void {
  const native = nativeSwaps[wordBytes];
  if (native) native.call(bytes);
  else swapWords(bytes, wordBytes);
}

/** Read so, a word of this machine comes out reversed. */
const REVERSED = NATIVE_ORDER === '>';
const BLOCK_BYTES = 16;

/**
 * `byteswap` where the runtime has none. A DataView reads, because it reverses in one instruction; a typed array writes.
 * Four times four bytes a turn, because the runtimes do not unroll.
 *
 * 16 MB by words of four on an AMD EPYC, so, by one word a turn, and by shifts instead of a DataView: 3.2, 5.4 and 5.8 ms in
 * Chromium 156. Node's own swaps take 1.3 ms (24.21), these loops 3.9.
 */
export function swapWords(bytes: Uint8Array, wordBytes: number): void {
  const { buffer, byteOffset, length } = bytes;
  let done = 0;
  if (byteOffset % 4 === 0 && (wordBytes === 2 || wordBytes === 4 || wordBytes === 8)) {
    done = length - (length % BLOCK_BYTES);
    swapBlocks(new DataView(buffer, byteOffset, done), new Int32Array(buffer, byteOffset, done / 4), wordBytes);
  }
  swapBytes(bytes, done, length, wordBytes);
}

/** Four bytes reversed are one word of four, half a word of eight in the other half's place, or two of two exchanged. */
function swapBlocks(from: DataView, to: Int32Array, wordBytes: 2 | 4 | 8): void {
  for (let i = 0; i < to.length; i += 4) {
    const at = 4 * i;
    const a = from.getInt32(at, REVERSED);
    const b = from.getInt32(at + 4, REVERSED);
    const c = from.getInt32(at + 8, REVERSED);
    const d = from.getInt32(at + 12, REVERSED);
    if (wordBytes === 4) {
      to[i] = a;
      to[i + 1] = b;
      to[i + 2] = c;
      to[i + 3] = d;
    } else if (wordBytes === 8) {
      to[i] = b;
      to[i + 1] = a;
      to[i + 2] = d;
      to[i + 3] = c;
    } else {
      to[i] = exchanged(a);
      to[i + 1] = exchanged(b);
      to[i + 2] = exchanged(c);
      to[i + 3] = exchanged(d);
    }
  }
}

function exchanged(halves: number): number {
  return (halves << 16) | (halves >>> 16);
}

/** The words from `start` to `end`: a field, what is left behind the last block, everything at an odd address. */
function swapBytes(bytes: Uint8Array, start: number, end: number, wordBytes: number): void {
  for (let word = start; word < end; word += wordBytes) {
    for (let low = word, high = word + wordBytes - 1; low < high; low++, high--) {
      const byte = bytes[low] as number;
      bytes[low] = bytes[high] as number;
      bytes[high] = byte;
    }
  }
}
