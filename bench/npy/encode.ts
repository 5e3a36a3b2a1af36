// Compares encoding into fresh memory with the least that this can cost: allocating as much memory and filling it with one copy.
import { encode } from '@bridge/npy/core';
import type { Comparison } from '../comparison.ts';
import { inProcess } from '../contestant.ts';
import { floats, SIZES } from './files.ts';

export const encoding: readonly Comparison[] = (['1 MB', '16 MB', '100 MB'] as const).map((size) => ({
  name: `encode ${size}`,
  target: { timesAsFast: 1 / 1.1 },
  prepare() {
    const data = floats(SIZES[size]);
    const file = encode({ data });
    const last = file.length - 1;
    return {
      ours: inProcess('encode', () => encode({ data })[last] ?? 0),
      theirs: [
        inProcess('allocate and set', () => {
          const copy = new Uint8Array(file.length);
          copy.set(file);
          return copy[last] ?? 0;
        }),
      ],
    };
  },
}));
