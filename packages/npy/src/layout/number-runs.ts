// Finds the numbers in elements of a dtype: those of each field, and of each item of a field that is an array.
import type { DType } from '../dtype/dtype.ts';

/** `count` numbers of one dtype: the first at byte `start`, and `step` bytes from one to the next. */
export interface Run {
  readonly type: DType;
  readonly start: number;
  readonly count: number;
  readonly step: number;
}

/** Calls `visit` for every run of numbers in `count` contiguous elements. Parts for whose dtype `matches` is false are skipped. */
export function forEachRun(
  type: DType,
  count: number,
  matches: (type: DType) => boolean,
  visit: (run: Run) => void,
): void {
  walk({ type, start: 0, count, step: type.itemsize }, matches, visit);
}

function walk(run: Run, matches: (type: DType) => boolean, visit: (run: Run) => void): void {
  const { type, start, count, step } = run;
  if (!matches(type) || type.itemsize === 0 || count === 0) return;
  if (type.fields) {
    for (const field of type.fields)
      walk({ type: field.type, start: start + field.offset, count, step }, matches, visit);
  } else if (type.subarray) {
    const { type: item } = type.subarray;
    const items = type.itemsize / item.itemsize;
    for (let i = 0; i < count; i++) {
      walk({ type: item, start: start + i * step, count: items, step: item.itemsize }, matches, visit);
    }
  } else visit(run);
}
