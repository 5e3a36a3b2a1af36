// The names of files on a command line.
import type { Value } from './option.ts';

/** The name of a file of arrays, or `-`, which is standard input or output. */
export const arrayFile: Value<string> = {
  word: 'FILE.npy',
  expected: 'the name of a file',
  offers: { files: ['.npy', '.npz'] },
  read: (text) => text,
};
