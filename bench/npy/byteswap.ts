// Compares decoding a file in the other byte order with Node's native swap of a copy of the same bytes: neither writes to the bytes
// it was given. This package uses the native swap as well, if the runtime has one. Its own loops, for runtimes without one, are
// compared in place: JavaScript has no instruction that swaps several words at once.
import { decode } from '@bridge/npy/core';
import { swapWords } from '../../packages/npy/src/layout/byteswap.ts';
import type { Comparison } from '../comparison.ts';
import { inProcess } from '../contestant.ts';
import { fileOf, SIZES } from './files.ts';

const words = [
  { bytes: 4, descr: '>f4', elements: Float32Array, swap: (copy: Buffer) => copy.swap32(), target: true },
  { bytes: 2, descr: '>u2', elements: Uint16Array, swap: (copy: Buffer) => copy.swap16() },
  { bytes: 8, descr: '>f8', elements: Float64Array, swap: (copy: Buffer) => copy.swap64() },
];

function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) bytes[i] = i * 7;
  return bytes;
}

export const byteswap: readonly Comparison[] = [
  ...words.map(({ bytes, descr, elements, swap, target }) => ({
    name: `byte swap 16 MB, words of ${bytes}`,
    ...(target && { target: { timesAsFast: 1 / 1.25 } }),
    prepare() {
      const file = fileOf({ data: new elements(randomBytes(SIZES['16 MB']).buffer) }, descr);
      const data = file.subarray(file.length - SIZES['16 MB']);
      return {
        ours: inProcess('decode', () => decode(file).offset),
        theirs: [inProcess(`Buffer.swap${8 * bytes} of a copy`, () => swap(Buffer.from(data))[0] ?? 0)],
      };
    },
  })),
  ...words.map(({ bytes, swap }) => ({
    name: `byte swap 16 MB in place, words of ${bytes}`,
    prepare() {
      const mine = randomBytes(SIZES['16 MB']);
      const other = Buffer.from(randomBytes(SIZES['16 MB']).buffer);
      return {
        ours: inProcess('our loops', () => {
          swapWords(mine, bytes);
          return mine[0] ?? 0;
        }),
        theirs: [inProcess(`Buffer.swap${8 * bytes}`, () => swap(other)[0] ?? 0)],
      };
    },
  })),
];
