// The limit on the JavaScript values that are made from an array's bytes. A header of a few bytes can declare that each element is a
// list of a million empty lists, or that there are millions of elements without bytes.
import type { DType } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { sizeOf } from '../layout/shape.ts';

/** The number of values, lists and records that may be made of no bytes. */
export const FREE_VALUES = 10_000;
/** The number of values, lists and records that may be made of each byte. One-byte elements need up to six in five axes. */
const VALUES_PER_BYTE = 8;

/** Counts the lists of nested rows: one for each row of each axis but the last, and one around them. */
export function countLists(shape: readonly number[]): number {
  let [lists, rows] = [0, 1];
  for (const size of shape) {
    lists += rows;
    rows *= size;
    if (rows === 0) break;
  }
  return lists;
}

/** Counts the values, lists and records of one element. Bytes are an object, which takes as much memory as four values. */
function countElementValues({ kind, name, fields, subarray }: DType): number {
  if (fields) return fields.reduce((values, { type }) => values + countElementValues(type), 1);
  if (!subarray) return kind === 'S' || name === 'void' ? 4 : 1;
  return countValues(sizeOf(subarray.shape), subarray.type, countLists(subarray.shape));
}

/** Counts the values, lists and records of elements, and the lists around them. */
export function countValues(elements: number, type: DType, lists = 0): number {
  // 0 elements of infinitely many values would be NaN.
  return lists + (elements === 0 ? 0 : elements * countElementValues(type));
}

/**
 * Checks the number of JavaScript values that are to be made from an array's bytes.
 * @throws NpyError NPY_LIMIT for more than 8 values for each byte and 10 000 more
 */
export function checkValueBudget(values: number, bytes: number): void {
  if (values <= VALUES_PER_BYTE * bytes + FREE_VALUES) return;
  const message = `npy: ${values} values and lists are more than ${VALUES_PER_BYTE} for each of ${bytes} bytes and ${FREE_VALUES} more`;
  throw new NpyError('NPY_LIMIT', message, { parts: values, bytes });
}
