// Compares copying 16 MB of float32 from Fortran order to C order. 2048 x 2048 is the worst size for caches, because all elements
// of a row fall into the same few cache lines; 2000 x 2000 is an ordinary size.
import { decode, encodeParts, type ViewLike } from '@bridge/npy/core';
import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import { parseNpy } from 'numpy-ts';
import type { Comparison } from '../comparison.ts';
import { inProcess } from '../contestant.ts';
import { fileOf, floats } from './files.ts';

interface Matrix {
  readonly data: Float32Array<ArrayBuffer>;
  readonly shape: number[];
  readonly stride: number[];
}

function matrix(size: number): Matrix {
  return { data: floats(4 * size * size), shape: [size, size], stride: [1, size] };
}

function inCOrder(view: ViewLike): number {
  return encodeParts(view, { fortranOrder: false })[1][1] ?? 0;
}

const loops = [
  [2048, 16],
  [2048, 32],
  [2048, 64],
  [2000, 32],
] as const;

export const fortran: readonly Comparison[] = [
  ...loops.map(([size, tile]) => ({
    name: `Fortran to C ${size} x ${size}, to a loop over tiles of ${tile}`,
    target: { timesAsFast: 1 / 1.1 },
    prepare() {
      const view = matrix(size);
      return {
        ours: inProcess('encodeParts', () => inCOrder(view)),
        theirs: [inProcess('loop', () => tiled(view.data, size, tile)[1] ?? 0)],
      };
    },
  })),
  {
    name: 'Fortran to C 2048 x 2048, to ndarray-ops',
    prepare() {
      const { data, shape, stride } = matrix(2048);
      return {
        ours: inProcess('encodeParts', () => inCOrder({ data, shape, stride })),
        theirs: [
          inProcess('ndarray-ops assign', () => {
            const target = new Float32Array(data.length);
            ops.assign(ndarray(target, shape), ndarray(data, shape, stride));
            return target[1] ?? 0;
          }),
        ],
      };
    },
  },
  {
    name: 'Fortran file to C 2048 x 2048, to numpy-ts',
    target: { timesAsFast: 5 },
    prepare() {
      const file = fileOf(matrix(2048));
      return {
        ours: inProcess('decode, encodeParts', () => inCOrder(decode(file))),
        theirs: [
          inProcess('numpy-ts parseNpy', () => {
            using array = parseNpy(file);
            return array.size;
          }),
        ],
      };
    },
  },
];

/** Copies with a loop as a user would write it for this dtype and this order. */
function tiled(source: Float32Array, size: number, tile: number): Float32Array {
  const target = new Float32Array(source.length);
  for (let i0 = 0; i0 < size; i0 += tile) {
    const i1 = Math.min(i0 + tile, size);
    for (let j0 = 0; j0 < size; j0 += tile) {
      const j1 = Math.min(j0 + tile, size);
      for (let i = i0; i < i1; i++) {
        for (let j = j0; j < j1; j++) target[i * size + j] = source[i + j * size] as number;
      }
    }
  }
  return target;
}
