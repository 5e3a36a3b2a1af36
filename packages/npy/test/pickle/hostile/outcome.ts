// The outcome of reading a hostile pickle: a value that can be written again, or an NpyError.
import { expect } from 'vitest';
import { isNpyError, type NpyError } from '../../../src/errors.ts';
import { readPickle } from '../../../src/pickle/read/pickle-reader.ts';
import { writePickle } from '../../../src/pickle/write/pickle-writer.ts';

export const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

/** Returns the NpyError with which the reader refuses a pickle. Fails if it throws another error, or none. */
export function refusalOf(pickle: string | Uint8Array): NpyError {
  try {
    readPickle(typeof pickle === 'string' ? latin1(pickle) : pickle);
  } catch (error) {
    if (isOurs(error)) return error;
    throw error;
  }
  throw new Error('it was read');
}

/** Expects that the reader refuses a pickle, and that the error's message contains `says`. */
export function expectRefusal(pickle: string, says: string): void {
  const { code, message } = refusalOf(pickle);
  expect(code).toBe(message.startsWith('npy: the bytes end') ? 'NPY_TRUNCATED' : 'NPY_PICKLE');
  expect(message).toContain(says);
}

/** Reads a pickle and writes its value again; either may throw only an NpyError. @returns whether the pickle was read */
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

/**
 * The pickles are too small to exhaust the stack or the memory, so an NpyError must not be caused by a RangeError of the runtime.
 */
function isOurs(error: unknown): error is NpyError {
  return isNpyError(error) && error.cause === undefined;
}
