// Compares reading a header alone, in NumPy's spelling, which nearly all files have, and in another library's.
import { encode, readHeader } from '@bridge/npy/core';
import { dump } from 'npyjs';
import { parseNpyHeader } from 'numpy-ts';
import type { Comparison } from '../comparison.ts';
import { inProcess } from '../contestant.ts';

const files: Readonly<Record<string, () => Uint8Array>> = {
  'f4, one axis': () => encode({ data: new Float32Array(1024) }),
  'u1, 480 x 640 x 3': () => encode({ data: new Uint8Array(480 * 640 * 3), shape: [480, 640, 3] }),
  'f8, Fortran order': () => encode({ data: new Float64Array(6), shape: [2, 3], stride: [1, 2] }),
  'f4, version 3.0': () => encode({ data: new Float32Array(4) }, { version: [3, 0] }),
  'f4, as npyjs spells it': () => new Uint8Array(dump(new Float32Array(1024), [1024])),
};

export const headers: readonly Comparison[] = Object.entries(files).map(([name, file]) => comparison(name, file));

function comparison(name: string, make: () => Uint8Array): Comparison {
  return {
    name: `readHeader ${name}`,
    target: { seconds: 2e-6 },
    prepare() {
      const file = make();
      return {
        ours: inProcess('readHeader', () => readHeader(file)?.dataOffset ?? 0),
        theirs: [inProcess('numpy-ts parseNpyHeader', () => parseNpyHeader(file).dataOffset)],
      };
    },
  };
}
