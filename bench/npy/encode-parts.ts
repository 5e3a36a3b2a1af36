// Compares turning a contiguous array into bytes that can be sent. np.save copies the data; encodeParts returns a header and the
// array's own memory.
import { encodeParts } from '@bridge/npy/core';
import type { Comparison } from '../comparison.ts';
import { inProcess } from '../contestant.ts';
import type { NumPy } from '../python/numpy.ts';
import { floats, SIZES } from './files.ts';

export function encodingParts(numpy: NumPy): readonly Comparison[] {
  return [...(['1 MB', '100 MB'] as const).map((size) => againstSave(size, numpy)), againstMemory];
}

function againstSave(size: '1 MB' | '100 MB', numpy: NumPy): Comparison {
  return {
    name: `encodeParts ${size}`,
    target: { timesAsFast: 100 },
    prepare: () => ({ ours: encoding(size), theirs: [numpy.contestant('save', SIZES[size])] }),
  };
}

/** Allocating the header's memory is the least that encodeParts can do. README.md tells what that means for the target. */
const againstMemory: Comparison = {
  name: 'encodeParts 1 MB, to the memory of its header',
  prepare: () => ({
    ours: encoding('1 MB'),
    theirs: [inProcess('new Uint8Array(128)', () => new Uint8Array(128).length)],
  }),
};

function encoding(size: '1 MB' | '100 MB'): ReturnType<typeof inProcess> {
  const view = { data: floats(SIZES[size]) };
  return inProcess('encodeParts', () => {
    const [header, body] = encodeParts(view);
    return header.length + body.length;
  });
}
