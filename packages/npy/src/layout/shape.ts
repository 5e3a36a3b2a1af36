// Shapes and strides as numbers only: sizes with overflow checks, the two contiguous orders, and whether a view
// stays inside its data. Strides count elements, as in ndarray.

import type { Limits } from '../arguments/limits.ts';
import { checkAxes } from '../dtype/axes.ts';
import { NpyError, type NpyErrorCode } from '../errors.ts';

/** What an element adds to the shape of an array: bytes, and the axes of its fields. */
export interface Item {
  readonly itemsize: number;
  readonly axes?: number;
}

/**
 * The number of elements of a shape that a header gave.
 * @throws NpyError NPY_SHAPE for more than 64 axes, those of fields included, or a size past 2^63, NPY_LIMIT for one past
 *   the limits
 */
export function checkShape(shape: readonly number[], { itemsize, axes }: Item, limits: Limits): number {
  checkAxes(shape.length, axes);
  checkExtent(shape, itemsize, 'NPY_SHAPE');
  const elements = sizeOf(shape);
  checkLimit('maxElements', elements, limits);
  checkLimit('maxBytes', elements * itemsize, limits);
  return elements;
}

function checkLimit(name: 'maxElements' | 'maxBytes', actual: number, limits: Limits): void {
  if (actual <= limits[name]) return;
  const what = name === 'maxBytes' ? 'bytes' : 'elements';
  const message = `npy: ${actual} ${what} are more than the limit of ${limits[name]}, limits.${name}`;
  throw new NpyError('NPY_LIMIT', message, { [what]: actual, [name]: limits[name] });
}

function checkExtent(shape: readonly number[], itemsize: number, code: NpyErrorCode): void {
  if (overflows(shape, itemsize)) throw new NpyError(code, `npy: shape (${shape}) overflows`, { shape, itemsize });
}

/** Whether the bytes pass 2^63. As NumPy does, empty axes are left out: (0, 2^62) of eight bytes is refused. */
function overflows(shape: readonly number[], itemsize: number): boolean {
  let bytes = Math.max(itemsize, 1);
  for (const size of shape) if (size !== 0) bytes *= size;
  // Rounded, which makes a difference for products that are within a thousand bytes of it.
  return bytes >= 2 ** 63;
}

/** The product of the dimensions; 1 for a 0-d array. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) {
    // A product that has passed Infinity would be NaN.
    if (n === 0) return 0;
    size *= n;
  }
  return size;
}

/** The strides of a contiguous array, last axis fastest, or first axis fastest in Fortran order. */
export function contiguousStride(shape: readonly number[], fortranOrder: boolean): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let i = 0; i < shape.length; i++) {
    const axis = fortranOrder ? i : shape.length - 1 - i;
    stride[axis] = step;
    // Only the strides of an empty array can get there, and they lead nowhere.
    step = Math.min(step * (shape[axis] ?? 1), Number.MAX_SAFE_INTEGER);
  }
  return stride;
}

/** Whether the elements lie one behind the other in that order. Axes of one element, and empty arrays, always do. */
export function isContiguous(shape: readonly number[], stride: readonly number[], fortranOrder: boolean): boolean {
  let inOrder = true;
  let step = 1;
  for (let i = 0; i < shape.length; i++) {
    const axis = fortranOrder ? i : shape.length - 1 - i;
    const size = shape[axis] as number;
    if (size === 0) return true;
    if (size !== 1 && stride[axis] !== step) inOrder = false;
    step *= size;
  }
  return inOrder;
}

/**
 * Checks the sizes of an array that a caller made.
 * @throws NpyError NPY_ARRAY, NPY_SHAPE for more than 64 axes, those of fields included
 */
export function checkSizes(shape: readonly number[], { itemsize, axes }: Item): void {
  checkAxes(shape.length, axes, 'caller');
  const axis = shape.findIndex((size) => !Number.isSafeInteger(size) || size < 0);
  if (axis >= 0) {
    const message = `npy: axis ${axis} has a size that is no whole number from 0 on`;
    throw new NpyError('NPY_ARRAY', message, { shape, axis });
  }
  checkExtent(shape, itemsize, 'NPY_ARRAY');
}

/**
 * Checks that shape, strides and offset describe elements inside `length` ones. The sizes are checked already.
 * @throws NpyError NPY_ARRAY
 */
export function checkBounds(shape: readonly number[], stride: readonly number[], offset: number, length: number): void {
  if (stride.length !== shape.length || !Number.isSafeInteger(offset) || !stride.every(Number.isSafeInteger)) {
    throw new NpyError('NPY_ARRAY', 'npy: shape, stride and offset do not describe an array', {
      shape,
      stride,
      offset,
    });
  }
  let low = offset;
  let high = offset;
  for (let axis = 0; axis < shape.length; axis++) {
    const reach = ((shape[axis] as number) - 1) * (stride[axis] as number);
    if (reach < 0) low += reach;
    else high += reach;
  }
  if ((low < 0 || high >= length) && !shape.includes(0)) {
    throw new NpyError('NPY_ARRAY', `npy: elements ${low} to ${high} are outside of data of length ${length}`, {
      shape,
      stride,
      offset,
      length,
    });
  }
}

/** Calls `visit` with the position in `data` of every element, in C order. */
export function forEachPosition(
  {
    shape,
    stride,
    offset,
  }: {
    readonly shape: readonly number[];
    readonly stride: readonly number[];
    readonly offset: number;
  },
  visit: (position: number) => void,
): void {
  if (sizeOf(shape) === 0) return;
  const walk = (axis: number, position: number): void => {
    if (axis === shape.length) {
      visit(position);
      return;
    }
    const step = stride[axis] as number;
    for (let i = 0, at = position; i < (shape[axis] as number); i++, at += step) walk(axis + 1, at);
  };
  walk(0, offset);
}
