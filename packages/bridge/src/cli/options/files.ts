// The files that a subcommand reads and writes.
import type { Value } from './option.ts';

/** The name of a .npy file, or `-`, which is standard input or output. */
export const npyFile: Value<string> = {
  word: 'FILE.npy',
  expected: 'the name of a file',
  offers: { files: '.npy' },
  read: (text) => text,
};
