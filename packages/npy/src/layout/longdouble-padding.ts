// Clears the six padding bytes of each long double. NumPy leaves in them what the memory held before.
import { type DType, someLeaf } from '../dtype/dtype.ts';
import { forEachRun } from './number-runs.ts';

const LONG_DOUBLE_BYTES = 16;
const USED_BYTES = 10;

/** Returns whether an element contains a long double. */
export function hasLongDouble(type: DType): boolean {
  return someLeaf(type, ({ name }) => name === 'longdouble' || name === 'clongdouble');
}

/** Clears the padding in contiguous elements of native byte order. */
export function clearPadding(bytes: Uint8Array, type: DType): void {
  forEachRun(type, bytes.length / type.itemsize, hasLongDouble, (run) => {
    for (let i = 0; i < run.count; i++) {
      const start = run.start + i * run.step;
      for (let at = start; at < start + run.type.itemsize; at += LONG_DOUBLE_BYTES)
        bytes.fill(0, at + USED_BYTES, at + LONG_DOUBLE_BYTES);
    }
  });
}
