// Arrays of Python objects go neither out nor in. They are pickles, and a pickle runs code in whoever reads it with Python's own
// reader. This is the one place that says so, for every codec and in both directions.
import { NpyError } from '@bridge/npy';
import { type ArrayKind, isOneKind, type Named } from './codec.ts';

/** The reason, as part of a sentence. */
export const NO_OBJECTS = 'object arrays are not sent: their pickles run code in whoever reads them';

/** @throws NpyError NPY_OBJECTS where one of the arrays is of objects */
export function refuseObjects(kind: ArrayKind | Named<ArrayKind>): void {
  if (isOneKind(kind)) {
    if (kind.dtype === 'object') throw new NpyError('NPY_OBJECTS', `npy: ${NO_OBJECTS}`);
    return;
  }
  for (const [name, each] of Object.entries(kind)) {
    if (each.dtype === 'object') throw new NpyError('NPY_OBJECTS', `npy: the array ${name}: ${NO_OBJECTS}`);
  }
}
