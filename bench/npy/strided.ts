// Compares copying slices and transposed pictures into contiguous memory with ndarray-ops, which compiles a loop for each shape.
// This package may not use `new Function` and has to keep every bit of a NaN; the rows show what that costs.
import { encodeParts } from '@bridge/npy/core';
import ndarray from 'ndarray';
import ops from 'ndarray-ops';
import type { Comparison } from '../comparison.ts';
import { inProcess } from '../contestant.ts';

interface Strided {
  readonly name: string;
  readonly elements: Uint8ArrayConstructor | Float32ArrayConstructor | Float64ArrayConstructor;
  readonly length: number;
  readonly shape: number[];
  readonly stride: number[];
  readonly offset: number;
}

const [HEIGHT, WIDTH] = [1080, 1920];
const PIXELS = HEIGHT * WIDTH;

const views: readonly Strided[] = [
  {
    name: 'picture to planes, u1',
    elements: Uint8Array,
    length: 3 * PIXELS,
    shape: [3, HEIGHT, WIDTH],
    stride: [1, 3 * WIDTH, 3],
    offset: 0,
  },
  {
    name: 'planes to picture, u1',
    elements: Uint8Array,
    length: 3 * PIXELS,
    shape: [HEIGHT, WIDTH, 3],
    stride: [WIDTH, 1, PIXELS],
    offset: 0,
  },
  {
    name: 'planes to picture, f4',
    elements: Float32Array,
    length: 3 * PIXELS,
    shape: [HEIGHT, WIDTH, 3],
    stride: [WIDTH, 1, PIXELS],
    offset: 0,
  },
  {
    name: 'rows of a picture upside down, u1',
    elements: Uint8Array,
    length: 3 * PIXELS,
    shape: [HEIGHT, 3 * WIDTH],
    stride: [-3 * WIDTH, 1],
    offset: 3 * (PIXELS - WIDTH),
  },
  { name: 'every second f4', elements: Float32Array, length: 2 ** 22, shape: [2 ** 21], stride: [2], offset: 0 },
  {
    name: 'f4 in reverse',
    elements: Float32Array,
    length: 2 ** 21,
    shape: [2 ** 21],
    stride: [-1],
    offset: 2 ** 21 - 1,
  },
  {
    name: 'f8 in reverse',
    elements: Float64Array,
    length: 2 ** 20,
    shape: [2 ** 20],
    stride: [-1],
    offset: 2 ** 20 - 1,
  },
];

export const strided: readonly Comparison[] = views.map(({ name, elements, length, shape, stride, offset }) => ({
  name: `strided ${name}`,
  prepare() {
    const data = new elements(length);
    for (let i = 0; i < data.length; i++) data[i] = i;
    const size = shape.reduce((product, n) => product * n, 1);
    const view = { data, shape, stride, offset };
    return {
      ours: inProcess('encodeParts', () => encodeParts(view, { fortranOrder: false })[1][1] ?? 0),
      theirs: [
        inProcess('ndarray-ops assign', () => {
          const target = new elements(size);
          ops.assign(ndarray(target, shape), ndarray(data, shape, stride, offset));
          return target[1] ?? 0;
        }),
      ],
    };
  },
}));
