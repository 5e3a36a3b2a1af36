// Copies the elements of a strided view into contiguous memory, in C or Fortran order: tiles.ts copies plane after plane, which is the
// elements along two axes.
import { sizeOf } from './shape.ts';
import { copyJob, copyPlane } from './tiles.ts';

/** A view of elements of `itemsize` bytes. Strides and offset count elements. */
export interface StridedBytes {
  readonly bytes: Uint8Array;
  readonly itemsize: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** One axis: the number of elements along it, and the words between them in the source and in the target. */
interface Axis {
  readonly count: number;
  readonly step: number;
  readonly outStep: number;
}

const ONCE: Axis = { count: 1, step: 0, outStep: 0 };

/** The fewest elements of a plane for which its set-up costs less than it saves. */
const PLANE_ELEMENTS = 64;

/** Copies every element of `view` to `target`, the first one to its first byte. */
export function gather(view: StridedBytes, target: Uint8Array, fortranOrder: boolean): void {
  if (sizeOf(view.shape) === 0) return;
  const job = copyJob(view.bytes, target, view.itemsize);
  // The columns of a plane are contiguous in the target. Its rows are the axis with the smallest step in the source, which need not be
  // the next axis if there are three or more.
  const [columns = ONCE, ...outer] = axesOf(view, fortranOrder, job.words);
  const closest = outer.toSorted((a, b) => Math.abs(a.step) - Math.abs(b.step));
  const rows = closest.find(({ count }) => count * columns.count >= PLANE_ELEMENTS) ?? closest.at(-1) ?? ONCE;
  const plane = {
    rows: rows.count,
    columns: columns.count,
    rowStep: rows.step,
    outRowStep: rows.outStep,
    columnStep: columns.step,
  };
  const others = outer.filter((axis) => axis !== rows).reverse();
  const walk = (depth: number, from: number, to: number): void => {
    const axis = others[depth];
    if (!axis) copyPlane(job, plane, from, to);
    else
      for (let i = 0, s = from, t = to; i < axis.count; i++, s += axis.step, t += axis.outStep) walk(depth + 1, s, t);
  };
  walk(0, view.offset * job.words, 0);
}

/** Returns the axes, the fastest in the target first. Axes of one element are left out; axes that can be walked as one are merged. */
function axesOf({ shape, stride }: StridedBytes, fortranOrder: boolean, words: number): Axis[] {
  const axes: Axis[] = [];
  let outStep = words;
  for (let i = 0; i < shape.length; i++) {
    const axis = fortranOrder ? i : shape.length - 1 - i;
    const count = shape[axis] as number;
    const step = (stride[axis] as number) * words;
    const inner = axes.at(-1);
    if (count === 1) continue;
    if (inner && step === inner.step * inner.count) axes[axes.length - 1] = { ...inner, count: inner.count * count };
    else axes.push({ count, step, outStep });
    outStep *= count;
  }
  return axes;
}
