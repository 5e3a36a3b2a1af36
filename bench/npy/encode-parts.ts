// A contiguous array to bytes that are ready to be sent. np.save copies the data; encodeParts answers a header and the
// array's own memory.
import { encodeParts } from '@bridge/npy/core';
import type { Comparison } from '../comparison.ts';
import { inProcess } from '../contestant.ts';
import type { NumPy } from '../python/numpy.ts';
import { floats, SIZES } from './files.ts';

export function encodingParts(numpy: NumPy): readonly Comparison[] {
  return (['1 MB', '100 MB'] as const).map((size) => ({
    name: `encodeParts ${size}`,
    target: { timesAsFast: 100 },
    prepare() {
      const view = { data: floats(SIZES[size]) };
      const ours = inProcess('encodeParts', () => {
        const [header, body] = encodeParts(view);
        return header.length + body.length;
      });
      return { ours, theirs: numpy.contestant('save', SIZES[size]) };
    },
  }));
}
