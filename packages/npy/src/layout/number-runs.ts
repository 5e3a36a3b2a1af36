// Where in an element a dtype has its numbers: each field, and each item of a field that is an array, down to what has no
// parts. For what has to be done to some of the bytes of structures.
import type { DType } from '../dtype/dtype.ts';

/** Numbers of one dtype: `count` of them, the first at byte `start`, each `step` bytes behind the one before. */
export interface Run {
  readonly type: DType;
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

/** Visits every run of numbers in `count` elements that lie one behind the other, where `wanted` says that there are some. */
export function forEachRun(
  type: DType,
  count: number,
  wanted: (type: DType) => boolean,
  visit: (run: Run) => void,
): void {
  walk({ type, start: 0, count, step: type.itemsize }, wanted, visit);
}

function walk(run: Run, wanted: (type: DType) => boolean, visit: (run: Run) => void): void {
  const { type, start, count, step } = run;
  if (!wanted(type) || type.itemsize === 0 || count === 0) return;
  if (type.fields) {
    for (const field of type.fields)
      walk({ type: field.type, start: start + field.offset, count, step }, wanted, visit);
  } else if (type.subarray) {
    const { type: item } = type.subarray;
    const items = type.itemsize / item.itemsize;
    for (let i = 0; i < count; i++) {
      walk({ type: item, start: start + i * step, count: items, step: item.itemsize }, wanted, visit);
    }
  } else visit(run);
}
