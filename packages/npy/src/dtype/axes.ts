// The limit on the number of axes, which counts those of an array together with those of its dtype's fields.
import { NpyError, type NpyFault } from '../errors.ts';

/** The most axes that NumPy 2 supports (NPY_MAXDIMS). */
export const MAX_DIMENSIONS = 64;

/**
 * Checks the number of axes. Those of an array and those of its fields count together, since `field` returns an array that has both.
 * @param outer the axes of the array
 * @param inner the axes of its fields
 * @throws NpyError NPY_SHAPE for more than 64, or NPY_ARRAY if all of them are in a caller's shape
 */
export function checkAxes(outer: number, inner = 0, fault: NpyFault = 'data'): void {
  const axes = outer + inner;
  if (axes <= MAX_DIMENSIONS) return;
  const inFields = inner === 0 ? '' : ` (${inner} of them in its fields)`;
  const code = fault === 'caller' && inner === 0 ? 'NPY_ARRAY' : 'NPY_SHAPE';
  const detail = { axes, expected: MAX_DIMENSIONS };
  throw new NpyError(code, `npy: ${axes} dimensions${inFields} are more than ${MAX_DIMENSIONS}`, detail, { fault });
}
