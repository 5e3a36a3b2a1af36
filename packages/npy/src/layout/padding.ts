// The six bytes behind each long double, in which NumPy leaves what was there before. They are written as zeros.
import { type DType, someNumber } from '../dtype/dtype.ts';
import { forEachRun } from './number-runs.ts';

const LONG_DOUBLE = 16;
const USED = 10;

/** Whether there is a long double in an element. */
export function hasPadding(type: DType): boolean {
  return someNumber(type, ({ name }) => name === 'longdouble' || name === 'clongdouble');
}

/** Clears the padding in elements of native byte order that lie one behind the other. */
export function clearPadding(bytes: Uint8Array, type: DType): void {
  forEachRun(type, bytes.length / type.itemsize, hasPadding, (run) => {
    for (let i = 0; i < run.count; i++) {
      const start = run.start + i * run.step;
      for (let at = start; at < start + run.type.itemsize; at += LONG_DOUBLE)
        bytes.fill(0, at + USED, at + LONG_DOUBLE);
    }
  });
}
