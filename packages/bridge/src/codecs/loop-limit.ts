// Rejects arrays of a peer over whose indices a loop would take far more steps than the message has bytes.
import { type AnyNdArray, NpyError } from '@bridge/npy';

/** The most steps of a loop over an array's indices, unless its message has as many bytes. A program takes so many in 1 to 10 ms. */
const MAX_STEPS = 2 ** 20;

/**
 * Checks an array that a codec decoded from a peer's message. A loop takes one step for each combination of indices, axes of length 0 left
 * out. A header of a hundred bytes can declare any number of them: by elements of no bytes, or by long axes beside one of length 0. The loop
 * would take years.
 * @param bytes the size of the message
 * @throws NpyError NPY_LIMIT for too many steps
 */
export function checkLoopLimit({ shape }: AnyNdArray, bytes: number): void {
  let steps = 1;
  for (const length of shape) if (length > 0) steps *= length;
  // Elements of one byte or more are bounded by the message's size.
  if (steps <= MAX_STEPS || steps <= bytes) return;
  const message = `npy: a message of ${bytes} bytes declares an array of shape (${shape.join(', ')}), and a loop over its indices would take ${steps} steps: expected at most ${MAX_STEPS} steps`;
  throw new NpyError('NPY_LIMIT', message, {
    shape: [...shape],
    bytes,
    parts: steps,
    maxParts: MAX_STEPS,
  });
}
