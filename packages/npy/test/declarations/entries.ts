// This file imports every entry of the package except /node. Every compiler of scripts/check-compilers.mjs compiles this file with
// the types of a browser alone.
import * as npy from '@bridge/npy';
import * as core from '@bridge/npy/core';
import * as npz from '@bridge/npy/npz';
import * as numeric from '@bridge/npy/numeric';
import { pickle } from '@bridge/npy/pickle';
import { field, fromNested, ravel, toNested } from '@bridge/npy/views';

const file = npy.encode([[1, 2, 3]], { dtype: '>f4' });
export const flat: Float32Array = npy.ravel(npy.decode(file, { dtype: 'float32' }));
export const words: core.NpyView<'int16'> = core.decode(file, { dtype: 'int16' });
export const halves: Int16Array = numeric.decode(file, { dtype: 'int16' }).data;
export const counts: bigint[] = [...core.decode(file, { dtype: 'int64' }).data];
export const objects: unknown = npy.decode(file, { dtype: 'object', objects: pickle }).get(0);
export const text: string = npy.decode(file, { dtype: 'str' }).get(0);
export const nested = toNested(fromNested([1, 2]));
export const column: Float64Array = ravel(field(words, 'x', { dtype: 'float64' }));
export const archive = new Blob(npz.encodeNpzParts({ image: { data: new Uint8Array(12), shape: [2, 2, 3] }, words }));
export const members: [string, Float32Array][] = [];
for (const [name, view] of Object.entries(npz.decodeNpz(npz.encodeNpz({ words }))))
  if (view.dtype === 'float32') members.push([name, view.data]);
export const next: core.NpyView<'uint8'> | undefined = new core.IncrementalDecoder({ dtype: 'uint8' }).push(file);
