// byteswap reverses the bytes of each word, for every size of word, at every address, and with and without words behind the last
// whole block; by the runtime's functions and by loops of this package.
import { describe, expect, test } from 'vitest';
import { byteswap, swapWords } from '../../src/layout/byteswap.ts';
import { nativeSwaps } from '../../src/memory/byte-order.ts';
import { fillRandom } from '../support/random-arrays.ts';

/**
 * The loops take blocks of words: these counts have no word, only a rest, only blocks, and blocks with each possible rest. The
 * larger counts pass the size up to which Node swaps in JavaScript.
 */
const wordCounts = [0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 18, 31, 32, 33, 100, 257];

function swapped(bytes: Uint8Array, wordBytes: number): Uint8Array {
  const out = Uint8Array.from(bytes);
  for (let start = 0; start < out.length; start += wordBytes) out.subarray(start, start + wordBytes).reverse();
  return out;
}

/** Returns fresh memory that has `bytes` at position `lead`, and other bytes in front of them and behind that must not change. */
function surrounded(bytes: Uint8Array, lead: number): Uint8Array {
  const memory = new Uint8Array(lead + bytes.length + 9).fill(0xee);
  memory.set(bytes, lead);
  return memory;
}

describe.each([
  ['the runtime’s own, where it has them', byteswap],
  ['ours', swapWords],
])('%s', (_, swap) => {
  test.each([1, 2, 4, 8, 16])('words of %i bytes, at any address, and nothing beside them', (wordBytes) => {
    for (let lead = 0; lead < 17; lead++) {
      for (const count of wordCounts) {
        const given = new Uint8Array(count * wordBytes);
        fillRandom(given, lead * 1000 + count);
        const memory = surrounded(given, lead);
        swap(memory.subarray(lead, lead + given.length), wordBytes);
        expect(memory).toEqual(surrounded(swapped(given, wordBytes), lead));
      }
    }
  });

  test('no bit of a signalling NaN changes', () => {
    const bits = [0x7f800001, 0xffbfffff, 0x7fc00000, 0x80000000, 1, 0x7fa12345, 0xff800001, 0x7f812300, 0x7f800001];
    const words = Uint32Array.from(bits);
    swap(new Uint8Array(words.buffer), 4);
    const swappedBits = bits.map((word) => Buffer.from(Uint32Array.of(word).buffer).reverse().readUInt32LE());
    expect([...words]).toEqual(swappedBits);
    swap(new Uint8Array(words.buffer), 4);
    expect([...words]).toEqual(bits);
  });
});

test('here the runtime has its own for 2, 4 and 8 bytes, and no other', () => {
  expect(
    Object.entries(nativeSwaps)
      .filter(([, swap]) => swap !== undefined)
      .map(([size]) => size),
  ).toEqual(['2', '4', '8']);
});
