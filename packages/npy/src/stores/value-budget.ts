// How much is made of elements when they are read one by one, held against the bytes that brought them. A header of a few bytes
// can say that each element is a list of a million lists without elements, or that there are millions without bytes.
import type { DType } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { sizeOf } from '../layout/shape.ts';

/** What is made without a byte behind it: values, lists and records. */
export const UNBROUGHT = 10_000;
/** What is made of each byte. An array of one-byte elements in five axes, all but one of length 1, is at six. */
const PER_BYTE = 8;

/** The lists that rows are read as: one for each row of each axis but the last, and one around them. */
export function listsOf(shape: readonly number[]): number {
  let [lists, rows] = [0, 1];
  for (const size of shape) {
    lists += rows;
    rows *= size;
    if (rows === 0) break;
  }
  return lists;
}

/** The values, lists and records that one element is read as. Bytes are an object of their own, which takes as much as four. */
function partsOf({ kind, name, fields, subarray }: DType): number {
  if (fields) return fields.reduce((parts, { type }) => parts + partsOf(type), 1);
  if (!subarray) return kind === 'S' || name === 'void' ? 4 : 1;
  return madeOf(sizeOf(subarray.shape), subarray.type, listsOf(subarray.shape));
}

/** What so many elements and the lists around them are. */
export function madeOf(elements: number, type: DType, lists = 0): number {
  // Of none, infinitely many parts would be no number.
  return lists + (elements === 0 ? 0 : elements * partsOf(type));
}

/**
 * Refuses to make more than the bytes and a small allowance stand for.
 * @throws NpyError NPY_LIMIT
 */
export function checkMade(parts: number, bytes: number): void {
  if (parts <= PER_BYTE * bytes + UNBROUGHT) return;
  const message = `npy: ${parts} values and lists of ${bytes} bytes: at most ${PER_BYTE} are made of each byte, and ${UNBROUGHT} besides`;
  throw new NpyError('NPY_LIMIT', message, { parts, bytes });
}
