// The outcome of reading a hostile pickle: a value that can be written again, or an NpyError.
import { expect } from 'vitest';
import { isNpyError, type NpyError } from '../../../src/errors.ts';
import { readPickle } from '../../../src/pickle/read/pickle-reader.ts';
import { writePickle } from '../../../src/pickle/write/pickle-writer.ts';

export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** The error that reading ends in; fails when there is none, or one that is not ours. */
export function refusalOf(pickle: string | Uint8Array): NpyError {
  try {
    readPickle(typeof pickle === 'string' ? latin1(pickle) : pickle);
  } catch (error) {
    if (isOurs(error)) return error;
    throw error;
  }
  throw new Error('it was read');
}

/** Reading ends in an error of the right code, which says so. */
export function expectRefusal(pickle: string, says: string): void {
  const { code, message } = refusalOf(pickle);
  expect(code).toBe(message.startsWith('npy: the bytes end') ? 'NPY_TRUNCATED' : 'NPY_PICKLE');
  expect(message).toContain(says);
}

/** Reads, and writes what was read: both may only fail by an error of ours. @returns whether it was read */
export function survives(bytes: Uint8Array): boolean {
  let wasRead = false;
  try {
    const { value, identities } = readPickle(bytes);
    wasRead = true;
    writePickle(value, { protocol: 4, numpyCore: 'numpy._core' }, identities);
  } catch (error) {
    if (!isOurs(error)) throw error;
  }
  return wasRead;
}

/** Not what the runtime itself gave up at: these pickles are too small for that. */
function isOurs(error: unknown): error is NpyError {
  return isNpyError(error) && error.cause === undefined;
}
