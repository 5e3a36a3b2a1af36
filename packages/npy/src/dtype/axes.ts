// The number of axes that an array may have, and those that the fields of its dtype add to them.
import { NpyError, type NpyFault } from '../errors.ts';

/** NumPy 2's own bound (NPY_MAXDIMS). */
export const MAX_DIMENSIONS = 64;

/**
 * Holds the axes of an array together with those of its fields, which an array of a field has in one row, against the bound.
 * @throws NpyError NPY_SHAPE for more than 64; NPY_ARRAY where they are all a caller's own
 */
export function checkAxes(outer: number, inner = 0, fault: NpyFault = 'data'): void {
  const axes = outer + inner;
  if (axes <= MAX_DIMENSIONS) return;
  const inFields = inner === 0 ? '' : ` (${inner} of them in its fields)`;
  const code = fault === 'caller' && inner === 0 ? 'NPY_ARRAY' : 'NPY_SHAPE';
  const detail = { axes, expected: MAX_DIMENSIONS };
  throw new NpyError(code, `npy: ${axes} dimensions${inFields} are more than ${MAX_DIMENSIONS}`, detail, { fault });
}
