// The bytes of each word in reverse, at every alignment.
import { expect, test } from 'vitest';
import { byteswap } from '../../src/layout/byteswap.ts';

test.each([1, 2, 4, 8])('words of %i bytes, at any address, and nothing beside them', (word) => {
  for (let lead = 0; lead < 9; lead++) {
    for (const words of [0, 1, 2, 5]) {
      const memory = Uint8Array.from({ length: lead + words * word + 3 }, (_, i) => i + 1);
      const expected = Uint8Array.from(memory);
      for (let w = 0; w < words; w++) expected.subarray(lead + w * word, lead + (w + 1) * word).reverse();
      byteswap(memory.subarray(lead, lead + words * word), word);
      expect(memory).toEqual(expected);
    }
  }
});
