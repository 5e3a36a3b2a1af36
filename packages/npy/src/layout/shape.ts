// Shapes and strides as numbers: sizes with overflow checks, the two contiguous orders, and whether a view stays inside its data.
// Strides count elements, as in ndarray.

import type { Limits } from '../arguments/limits.ts';
import { checkAxes } from '../dtype/axes.ts';
import { NpyError, type NpyErrorCode } from '../errors.ts';

/** The properties of a dtype that limit a shape: the bytes of an element, and the axes of its fields. */
export interface Item {
  readonly itemsize: number;
  readonly axes?: number;
}

/**
 * Checks a header's shape and returns its number of elements.
 * @throws NpyError NPY_SHAPE for more than 64 axes, those of fields included, or 2^63 bytes and more; NPY_LIMIT above the limits
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

/** Returns whether the bytes reach 2^63. As in NumPy, empty axes do not count: (0, 2^62) of eight bytes is refused. */
function overflows(shape: readonly number[], itemsize: number): boolean {
  let bytes = Math.max(itemsize, 1);
  for (const size of shape) if (size !== 0) bytes *= size;
  // The product is rounded, which matters only within a thousand bytes of 2^63.
  return bytes >= 2 ** 63;
}

/** Returns the product of the dimensions; 1 for a 0-d array. */
export function sizeOf(shape: readonly number[]): number {
  let size = 1;
  for (const n of shape) {
    // Infinity times 0 would be NaN.
    if (n === 0) return 0;
    size *= n;
  }
  return size;
}

/** Returns the strides of a contiguous array: last axis fastest, or first axis fastest in Fortran order. */
export function contiguousStride(shape: readonly number[], fortranOrder: boolean): number[] {
  const stride = new Array<number>(shape.length);
  let step = 1;
  for (let i = 0; i < shape.length; i++) {
    const axis = fortranOrder ? i : shape.length - 1 - i;
    stride[axis] = step;
    // Only the strides of an empty array can become so large, and they are never followed.
    step = Math.min(step * (shape[axis] ?? 1), Number.MAX_SAFE_INTEGER);
  }
  return stride;
}

/** Returns whether the elements are contiguous, in C or Fortran order. Strides of axes of one element and of empty arrays do not count. */
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
 * Checks the shape of an array that a caller made.
 * @throws NpyError NPY_ARRAY, NPY_SHAPE for more than 64 axes, those of fields included
 */
export function checkSizes(shape: readonly number[], { itemsize, axes }: Item): void {
  checkAxes(shape.length, axes, 'caller');
  const axis = shape.findIndex((size) => !Number.isSafeInteger(size) || size < 0);
  if (axis >= 0) {
    const message = `npy: the size of axis ${axis} must be an integer of 0 or more`;
    throw new NpyError('NPY_ARRAY', message, { shape, axis });
  }
  checkExtent(shape, itemsize, 'NPY_ARRAY');
}

/**
 * Checks that the elements of a view lie inside data of `length` elements. The sizes are checked already.
 * @throws NpyError NPY_ARRAY
 */
export function checkBounds(shape: readonly number[], stride: readonly number[], offset: number, length: number): void {
  if (stride.length !== shape.length || !Number.isSafeInteger(offset) || !stride.every(Number.isSafeInteger)) {
    throw new NpyError('NPY_ARRAY', 'npy: invalid shape, stride or offset', {
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

/** Calls `visit` for every element in C order, with its position in `data`. */
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
