// Changes the dtype of an array, element by element, only where somebody asked for it. Which value a dtype takes is said in
// stores/cast.ts; times change their unit where the other has the same instant.
import type { DType } from './dtype/dtype.ts';
import { isSameLayout } from './dtype/dtype.ts';
import { NpyError } from './errors.ts';
import { gather } from './layout/gather.ts';
import { contiguousStride, sizeOf } from './layout/shape.ts';
import { casterTo } from './stores/cast.ts';
import type { Complex } from './stores/complex.ts';
import { recount } from './stores/instant.ts';
import type { StructElement } from './stores/struct.ts';
import { type AnyStore, allocateOf, type BinaryStore, bytesOfStore } from './stores/table.ts';
import { type CheckedView, forEachPosition } from './view.ts';

/** One element of any store. Those of object arrays are whatever their codec makes of them. */
export type Element = boolean | number | bigint | string | Complex | Uint8Array | StructElement;

/**
 * A C-contiguous copy of `view`, in another dtype or in its own.
 * @throws NpyError NPY_VALUE when an element does not fit
 */
export function convert(view: CheckedView, type: DType): CheckedView {
  const data = allocateOf(type, sizeOf(view.shape));
  const stride = contiguousStride(view.shape, false);
  const converted = { dtype: type.name, type, data, shape: view.shape, stride, offset: 0 };
  if (type.name !== 'object' && isSameLayout(type, view.type)) {
    // No value is looked at, so that none changes: a NaN keeps its payload.
    const bytes = bytesOfStore(view.data as BinaryStore);
    gather({ ...view, itemsize: type.itemsize, bytes }, bytesOfStore(data as BinaryStore), false);
    return converted;
  }
  const read = reader(view.data);
  const write = writer(data);
  const cast = isTime(view.type) && isTime(type) ? recounter(view.type, type) : casterTo(type);
  let i = 0;
  forEachPosition(view, (position) => write(i++, cast(read(position))));
  return converted;
}

function isTime({ kind }: DType): boolean {
  return kind === 'M' || kind === 'm';
}

function recounter(from: DType, to: DType): (count: unknown) => unknown {
  return (count) => {
    const same =
      from.kind === to.kind && from.unit && to.unit ? recount(count as bigint, from.unit, to.unit) : undefined;
    if (same !== undefined) return same;
    const [given, wanted] = [from, to].map(({ name, unit }) => `${name} of ${unit?.count} ${unit?.name}`);
    throw new NpyError('NPY_VALUE', `npy: a ${given} is no ${wanted}`, { value: count, from: from.unit, to: to.unit });
  };
}

/** How to read an element of a store at a position. */
export function reader(data: AnyStore): (position: number) => unknown {
  if (ArrayBuffer.isView(data)) return (position) => data[position] as number | bigint;
  return (position) => data.get(position);
}

/** How to write an element, of the right type, to a store. */
export function writer(data: AnyStore): (position: number, value: unknown) => void {
  if (ArrayBuffer.isView(data)) {
    const elements = data as { [index: number]: unknown };
    return (position, value) => {
      elements[position] = value;
    };
  }
  const store: { set(position: number, value: unknown): void } = data as never;
  return (position, value) => store.set(position, value);
}
