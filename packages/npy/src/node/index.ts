// @bridge/npy/node: reads and writes .npy files on disk, as np.load and np.save do.
export { load, save } from './file.ts';
