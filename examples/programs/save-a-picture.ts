// Saves a picture for NumPy, and loads it again.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { array } from '@bridge/npy';
import { load, save } from '@bridge/npy/node';

// As a canvas has its pixels, in context.getImageData(0, 0, 4, 2).data: red, green, blue and opacity.
const pixels = new Uint8ClampedArray(2 * 4 * 4).fill(255);
const picture = array(pixels, [2, 4, 4]);
picture.set(1, 3, 0, 128);

const folder = await mkdtemp(join(tmpdir(), 'picture-'));
await save(join(folder, 'picture.npy'), picture); // np.load('picture.npy') is a uint8 array of shape (2, 4, 4)

const loaded = await load(join(folder, 'picture.npy'), { dtype: 'uint8' });
const red: number = loaded.get(1, 3, 0);
console.log(loaded.shape, red); // [ 2, 4, 4 ] 128
await rm(folder, { recursive: true });
