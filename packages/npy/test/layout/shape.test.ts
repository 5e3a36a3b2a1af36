// The size and the strides of a shape are exact numbers.
import { expect, test } from 'vitest';
import { contiguousStride, isContiguous, sizeOf } from '../../src/layout/shape.ts';

test('the size of a shape is a whole number, whatever comes before a 0', () => {
  expect(sizeOf([])).toBe(1);
  expect(sizeOf([2, 3, 4])).toBe(24);
  expect(sizeOf([3, 0])).toBe(0);
  expect(sizeOf([...Array(40).fill(2 ** 52), 0])).toBe(0);
});

test('strides count elements', () => {
  expect(contiguousStride([2, 3, 4], false)).toEqual([12, 4, 1]);
  expect(contiguousStride([2, 3, 4], true)).toEqual([1, 2, 6]);
  expect(contiguousStride([], false)).toEqual([]);
  expect(contiguousStride([0, 2 ** 40, 2 ** 20], false).every(Number.isSafeInteger)).toBe(true);
});

test('axes of one element, and empty arrays, are contiguous in either order', () => {
  expect(isContiguous([2, 3], [3, 1], false)).toBe(true);
  expect(isContiguous([2, 3], [3, 1], true)).toBe(false);
  expect(isContiguous([1, 3], [77, 1], true)).toBe(true);
  expect(isContiguous([0, 3], [5, 5], true)).toBe(true);
  expect(isContiguous([], [], true)).toBe(true);
});
