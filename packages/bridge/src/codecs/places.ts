// Rejects arrays of a peer whose shape makes a program visit far more places than the message has bytes.
import { type AnyNdArray, NpyError } from '@bridge/npy';

/** The most places of an array, unless its message has as many bytes. A program visits so many in one to ten milliseconds. */
const MAX_PLACES = 2 ** 20;

/**
 * Checks an array that a codec decoded from a peer's message. A place is one index along each axis that is not of length 0. A header of
 * a hundred bytes can declare any number of places: by elements of no bytes, or by long axes beside one of length 0. A program that
 * visits them one by one would need years.
 * @param bytes the size of the message
 * @throws NpyError NPY_LIMIT for too many places
 */
export function checkPlaces({ shape }: AnyNdArray, bytes: number): void {
  let places = 1;
  for (const length of shape) if (length > 0) places *= length;
  // Elements of one byte or more are bounded by the message's size.
  if (places <= MAX_PLACES || places <= bytes) return;
  const message = `npy: a message of ${bytes} bytes declares an array of shape (${shape.join(', ')}), and a loop over its indices would take ${places} steps: expected at most ${MAX_PLACES} steps`;
  throw new NpyError('NPY_LIMIT', message, {
    shape: [...shape],
    bytes,
    parts: places,
    maxParts: MAX_PLACES,
  });
}
