// Compares decoding a file in memory: float32, aligned, in the machine's byte order. NumPy and numpy-ts copy the data; npyjs and
// this package make a view, so their times hardly depend on the size.
import { decode as decodeNdarray } from '@bridge/npy';
import { decode } from '@bridge/npy/core';
import { parse } from 'npyjs';
import { configureWasm, parseNpy } from 'numpy-ts';
import type { Comparison, Contestant, Target } from '../comparison.ts';
import { inProcess } from '../contestant.ts';
import type { NumPy } from '../python/numpy.ts';
import { fileOf, floats, SIZES, type SizeName } from './files.ts';

// The default memory of numpy-ts is too small for a few arrays of 100 MB, and numpy-ts is slower after it has run out of memory.
configureWasm({ maxMemory: 2 ** 30 });

type Make = (file: Uint8Array<ArrayBuffer>, bytes: number) => Contestant;

const core: Make = (file, bytes) => {
  const last = bytes / 4 - 1;
  return inProcess('core decode', () => decode(file, { dtype: 'float32' }).data[last] ?? 0);
};
const ndarray: Make = (file, bytes) => {
  const last = bytes / 4 - 1;
  return inProcess('decode', () => decodeNdarray(file, { dtype: 'float32' }).data[last] ?? 0);
};
const npyjs: Make = ({ buffer }) => inProcess('npyjs parse', () => (parse(buffer).data as Float32Array).byteLength);
const numpyTs: Make = (file) => {
  return inProcess('numpy-ts parseNpy', () => {
    using array = parseNpy(file);
    return array.size;
  });
};

/** Returns true if np.load spends its time on copying the data, which our decode does not do. */
const copies = (size: SizeName): boolean => SIZES[size] >= SIZES['1 MB'];

export function decoding(numpy: NumPy): readonly Comparison[] {
  const npLoad: Make = (_, bytes) => numpy.contestant('load', bytes);
  return (['1 KB', '64 KB', '1 MB', '100 MB'] as const).flatMap((size) => [
    comparison(`decode ${size}, to NumPy`, size, core, npLoad, copies(size) ? { timesAsFast: 100 } : undefined),
    comparison(`decode ${size}, to npyjs`, size, core, npyjs, { timesAsFast: 1 }),
    comparison(`decode ${size} to an ndarray, to npyjs`, size, ndarray, npyjs),
    comparison(`decode ${size}, to numpy-ts`, size, core, numpyTs),
  ]);
}

function comparison(name: string, size: SizeName, ours: Make, theirs: Make, target?: Target): Comparison {
  return {
    name,
    ...(target && { target }),
    prepare() {
      const bytes = SIZES[size];
      const file = fileOf({ data: floats(bytes) });
      return { ours: ours(file, bytes), theirs: [theirs(file, bytes)] };
    },
  };
}
