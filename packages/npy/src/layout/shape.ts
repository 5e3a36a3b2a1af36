// Shapes and strides as numbers only: sizes with overflow checks, the two contiguous orders, and whether a view
// stays inside its data. Strides count elements, as in ndarray.
import { NpyError } from '../errors.ts';
import type { Limits } from '../limits.ts';

/** NumPy 2's own bound (NPY_MAXDIMS). */
export const MAX_DIMENSIONS = 64;

/**
 * The number of elements of `shape`.
 * @throws NpyError NPY_SHAPE for more than 64 dimensions or a size past 2^63, NPY_LIMIT for one past the limits
 */
export function checkShape(shape: readonly number[], itemsize: number, limits: Limits): number {
  if (shape.length > MAX_DIMENSIONS) {
    throw new NpyError('NPY_SHAPE', `npy: ${shape.length} dimensions are more than ${MAX_DIMENSIONS}`, { shape });
  }
  if (overflows(shape, itemsize))
    throw new NpyError('NPY_SHAPE', `npy: shape (${shape}) overflows`, { shape, itemsize });
  const elements = sizeOf(shape);
  if (elements > limits.maxElements) {
    throw new NpyError('NPY_LIMIT', `npy: ${elements} elements are more than the limit of ${limits.maxElements}`, {
      elements,
      maxElements: limits.maxElements,
    });
  }
  if (elements * itemsize > limits.maxBytes) {
    throw new NpyError('NPY_LIMIT', `npy: ${elements * itemsize} bytes are more than the limit of ${limits.maxBytes}`, {
      bytes: elements * itemsize,
      maxBytes: limits.maxBytes,
    });
  }
  return elements;
}

/** Whether the bytes pass 2^63. As NumPy does, empty axes are left out: (0, 2^62) of eight bytes is refused. */
function overflows(shape: readonly number[], itemsize: number): boolean {
  let bytes = BigInt(Math.max(itemsize, 1));
  for (const size of shape) if (size !== 0) bytes *= BigInt(size);
  return bytes >= 1n << 63n;
}

/** The product of the dimensions; 1 for a 0-d array. */
export function sizeOf(shape: readonly number[]): number {
  // Asked first: a product that passes Infinity on its way to a zero would be NaN.
  if (shape.includes(0)) return 0;
  let size = 1;
  for (const n of shape) size *= n;
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
  const wanted = contiguousStride(shape, fortranOrder);
  return sizeOf(shape) === 0 || shape.every((size, axis) => size === 1 || stride[axis] === wanted[axis]);
}

/**
 * Checks the sizes of an array that a caller made.
 * @throws NpyError NPY_ARRAY
 */
export function checkSizes(shape: readonly number[], itemsize: number): void {
  if (shape.length > MAX_DIMENSIONS) {
    throw new NpyError('NPY_ARRAY', `npy: more than ${MAX_DIMENSIONS} dimensions`, { shape });
  }
  const axis = shape.findIndex((size) => !Number.isSafeInteger(size) || size < 0);
  if (axis >= 0) {
    const message = `npy: axis ${axis} has a size that is no whole number from 0 on`;
    throw new NpyError('NPY_ARRAY', message, { shape, axis });
  }
  if (overflows(shape, itemsize)) throw new NpyError('NPY_ARRAY', `npy: shape (${shape}) overflows`, { shape });
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
  for (const [axis, size] of shape.entries()) {
    const reach = (size - 1) * (stride[axis] ?? 0);
    if (reach < 0) low += reach;
    else high += reach;
  }
  if (!shape.includes(0) && (low < 0 || high >= length)) {
    throw new NpyError('NPY_ARRAY', `npy: elements ${low} to ${high} are outside of data of length ${length}`, {
      shape,
      stride,
      offset,
      length,
    });
  }
}
