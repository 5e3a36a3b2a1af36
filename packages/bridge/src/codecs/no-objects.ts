// Rejects arrays of Python objects, for every codec and in both directions. They are pickles, and Python's own reader runs the code that
// a pickle contains. All messages pass here by way of checked-messages.ts.
import { NpyError } from '@bridge/npy';
import { isOneKind, type MessageKind } from './codec.ts';

/** The reason for the rejection, as part of a sentence. */
export const NO_OBJECTS =
  'object arrays are not sent: they are pickles, which can run code in the program that reads them';

/**
 * Rejects an array or a store of objects, and the kind of one. All other values pass: the codec rejects what is no array.
 * @param name the array's name, if it has one
 * @throws NpyError NPY_OBJECTS
 */
export function refuseObjects(value: unknown, name?: string): void {
  if (!holdsObjects(value)) return;
  throw new NpyError('NPY_OBJECTS', `npy: ${name === undefined ? '' : `the array ${name}: `}${NO_OBJECTS}`);
}

/** @throws NpyError NPY_OBJECTS if a message of this kind has an array of objects in it */
export function refuseObjectKind(kind: MessageKind): void {
  if (isOneKind(kind)) refuseObjects(kind);
  else for (const [name, each] of Object.entries(kind)) refuseObjects(each, name);
}

function holdsObjects(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { dtype, data } = value as { readonly dtype?: unknown; readonly data?: unknown };
  if (dtype === 'object') return true;
  return typeof data === 'object' && (data as { readonly dtype?: unknown } | null)?.dtype === 'object';
}
