// Copies the elements of a strided view one behind the other, in C or Fortran order: plane by plane, as tiles.ts copies one.
import { sizeOf } from './shape.ts';
import { copyPlane, jobOf } from './tiles.ts';

/** A view on elements of `itemsize` bytes; strides and offset count elements. */
export interface StridedBytes {
  readonly bytes: Uint8Array;
  readonly itemsize: number;
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
}

/** One axis: how many steps, and how many words each goes in the source and in the target. */
interface Axis {
  readonly count: number;
  readonly from: number;
  readonly to: number;
}

const ONCE: Axis = { count: 1, from: 0, to: 0 };

/** A smaller plane is not worth setting up. */
const PLANE_ELEMENTS = 64;

/** Writes every element of `view` to `target`, whose first byte takes the first element. */
export function gather(view: StridedBytes, target: Uint8Array, fortranOrder: boolean): void {
  if (sizeOf(view.shape) === 0) return;
  const job = jobOf(view.bytes, target, view.itemsize);
  // What lies together in the target is a plane's columns. Its rows are the axis that is closest in the source, which with
  // three axes and more need not be the next one.
  const [columns = ONCE, ...outer] = axesOf(view, fortranOrder, job.words);
  const closest = outer.toSorted((a, b) => Math.abs(a.from) - Math.abs(b.from));
  const rows = closest.find(({ count }) => count * columns.count >= PLANE_ELEMENTS) ?? closest.at(-1) ?? ONCE;
  const plane = { rows: rows.count, columns: columns.count, down: rows.from, below: rows.to, step: columns.from };
  const others = outer.filter((axis) => axis !== rows).reverse();
  const walk = (depth: number, from: number, to: number): void => {
    const axis = others[depth];
    if (!axis) copyPlane(job, plane, from, to);
    else for (let i = 0, s = from, t = to; i < axis.count; i++, s += axis.from, t += axis.to) walk(depth + 1, s, t);
  };
  walk(0, view.offset * job.words, 0);
}

/** From the fastest one in the target to the slowest. Axes of one element are left out, and those that are one merged. */
function axesOf({ shape, stride }: StridedBytes, fortranOrder: boolean, words: number): Axis[] {
  const axes: Axis[] = [];
  let to = words;
  for (let i = 0; i < shape.length; i++) {
    const axis = fortranOrder ? i : shape.length - 1 - i;
    const count = shape[axis] as number;
    const from = (stride[axis] as number) * words;
    const inner = axes.at(-1);
    if (count === 1) continue;
    if (inner && from === inner.from * inner.count) axes[axes.length - 1] = { ...inner, count: inner.count * count };
    else axes.push({ count, from, to });
    to *= count;
  }
  return axes;
}
