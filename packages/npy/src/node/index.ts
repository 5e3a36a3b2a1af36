// @bridge/npy/node: .npy files on disk, as np.load and np.save know them.
export { load, save } from './file.ts';
