// Damaged pickles of real arrays give a value or an NpyError.
import { describe, expect, it } from 'vitest';
import { damaged, samples, xorshift } from './damage.ts';
import { refusalOf, survives } from './outcome.ts';

describe('real arrays, damaged', () => {
  it('cut off at every byte', () => {
    for (const sample of samples) {
      for (let length = 0; length < sample.length; length++) {
        expect(refusalOf(sample.subarray(0, length)).code).toBe('NPY_TRUNCATED');
      }
    }
  });

  it('with bytes changed, put in and left out: 30 000 times', () => {
    const random = xorshift(20_241);
    let read = 0;
    for (let i = 0; i < 30_000; i++) read += survives(damaged(random)) ? 1 : 0;
    // Some damaged pickles can still be read; there must be enough of them to test the writer as well.
    expect(read).toBeGreaterThan(300);
  });

  it('of random bytes: 20 000 times', () => {
    const random = xorshift(7);
    for (let i = 0; i < 20_000; i++) survives(Uint8Array.from({ length: random(60) }, () => random(256)));
  });
});
