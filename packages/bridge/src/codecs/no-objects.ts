// Rejects arrays of Python objects, for every codec and in both directions. They are pickles, and Python's own reader runs the code that
// a pickle contains.
import { NpyError } from '@bridge/npy';
import { type ArrayKind, isOneKind, type Named } from './codec.ts';

/** The reason for the rejection, as part of a sentence. */
export const NO_OBJECTS =
  'object arrays are not sent: they are pickles, which can run code in the program that reads them';

/** @throws NpyError NPY_OBJECTS if one of the arrays holds objects */
export function refuseObjects(kind: ArrayKind | Named<ArrayKind>): void {
  if (isOneKind(kind)) {
    if (kind.dtype === 'object') throw new NpyError('NPY_OBJECTS', `npy: ${NO_OBJECTS}`);
    return;
  }
  for (const [name, each] of Object.entries(kind)) {
    if (each.dtype === 'object') throw new NpyError('NPY_OBJECTS', `npy: the array ${name}: ${NO_OBJECTS}`);
  }
}
