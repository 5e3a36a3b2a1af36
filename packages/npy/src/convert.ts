// Changes the dtype of an array, element by element, only where somebody asked for it.
// A number becomes an integer only if it is one and fits; nothing wraps, nothing is cut off. Floats round to nearest.
// A bigint becomes a float only if that float is the same integer. A complex number becomes nothing else.
import { checkDTypeName, type DTypeName, type Fixed, fixedTypes } from './dtype/dtype.ts';
import { NpyError } from './errors.ts';
import { gather } from './layout/gather.ts';
import { contiguousStride, sizeOf } from './layout/shape.ts';
import type { Complex } from './stores/complex.ts';
import { halfToNumber, numberToHalf } from './stores/float16.ts';
import { type AnyStore, allocateStore, bytesOfStore } from './stores/table.ts';
import { type CheckedView, forEachPosition } from './view.ts';

/** One element of any store. */
export type Element = boolean | number | bigint | Complex;

/**
 * A C-contiguous copy of `view`, in another dtype or in its own.
 * @throws NpyError NPY_VALUE when an element does not fit
 */
export function convert(view: CheckedView, dtype: DTypeName): CheckedView {
  const data = allocateStore(dtype, sizeOf(view.shape));
  const converted = { dtype, data, shape: view.shape, stride: contiguousStride(view.shape, false), offset: 0 };
  if (dtype === view.dtype) {
    // No value is looked at, so that none changes: a NaN keeps its payload.
    const { itemsize } = fixedTypes[dtype];
    gather({ ...view, itemsize, bytes: bytesOfStore(view.data) }, bytesOfStore(data), false);
    return converted;
  }
  const read = reader(view.data);
  const write = writer(data);
  const cast = casterTo(dtype);
  let i = 0;
  forEachPosition(view, (position) => write(i++, cast(read(position))));
  return converted;
}

/** How to read an element of a store at a position. */
export function reader(data: AnyStore): (position: number) => Element {
  if (ArrayBuffer.isView(data)) return (position) => data[position] as number | bigint;
  return (position) => data.get(position);
}

/** How to write an element, of the right type, to a store. */
export function writer(data: AnyStore): (position: number, value: Element) => void {
  if (ArrayBuffer.isView(data)) {
    const elements = data as { [index: number]: Element };
    return (position, value) => {
      elements[position] = value;
    };
  }
  const store: { set(position: number, value: Element): void } = data as never;
  return (position, value) => store.set(position, value);
}

/** How a value becomes an element of that dtype. */
export function casterTo(dtype: DTypeName): (value: unknown) => Element {
  const { kind, itemsize } = fixedTypes[checkDTypeName(dtype)];
  const refuse = (value: unknown): never => {
    throw new NpyError('NPY_VALUE', `npy: ${dtype} cannot hold ${show(value)}`, { dtype, value });
  };
  const exact = exactIn(kind === 'c' ? itemsize / 2 : itemsize);
  const number = (value: unknown): number => {
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value === 'bigint' && exact(value)) return Number(value);
    return refuse(value);
  };
  switch (kind) {
    case 'b':
      return (value) => {
        if (typeof value === 'boolean') return value;
        return typeof value === 'number' || typeof value === 'bigint'
          ? Boolean(value) || Number.isNaN(value)
          : refuse(value);
      };
    case 'f':
      return number;
    case 'c':
      return (value) => (isComplex(value) ? value : { re: number(value), im: 0 });
    default:
      return itemsize === 8 ? bigintCaster(kind, refuse) : integerCaster(kind, itemsize, refuse);
  }
}

type Refuse = (value: unknown) => never;

function integerCaster(kind: Fixed['kind'], itemsize: number, refuse: Refuse): (value: unknown) => number {
  const low = kind === 'i' ? -(2 ** (8 * itemsize - 1)) : 0;
  const high = kind === 'i' ? 2 ** (8 * itemsize - 1) - 1 : 2 ** (8 * itemsize) - 1;
  return (value) => {
    const n =
      typeof value === 'number' ? value : typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : NaN;
    return Number.isInteger(n) && n >= low && n <= high ? n : refuse(value);
  };
}

function bigintCaster(kind: Fixed['kind'], refuse: Refuse): (value: unknown) => bigint {
  const low = kind === 'i' ? -(1n << 63n) : 0n;
  const high = kind === 'i' ? (1n << 63n) - 1n : (1n << 64n) - 1n;
  return (value) => {
    const whole = typeof value === 'number' ? Number.isInteger(value) : typeof value === 'boolean';
    const n = typeof value === 'bigint' ? value : whole ? BigInt(value as number | boolean) : undefined;
    return n !== undefined && n >= low && n <= high ? n : refuse(value);
  };
}

/** Whether an integer is one of the numbers that a float of that many bytes holds. */
function exactIn(floatBytes: number): (value: bigint) => boolean {
  const rounded =
    floatBytes === 2 ? (n: number) => halfToNumber(numberToHalf(n)) : floatBytes === 4 ? Math.fround : Number;
  return (value) => {
    const n = rounded(Number(value));
    return Number.isFinite(n) && BigInt(n) === value;
  };
}

/** A value in a message: short, and without asking an object for its own words. */
function show(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `string ${JSON.stringify(value.slice(0, 40))}`;
  if (isComplex(value)) return `complex ${value.re}${value.im < 0 ? '-' : '+'}${Math.abs(value.im)}i`;
  if (typeof value === 'bigint')
    return value > -(1n << 128n) && value < 1n << 128n ? `bigint ${value}` : 'a huge bigint';
  return typeof value === 'number' || typeof value === 'boolean' ? `${typeof value} ${value}` : typeof value;
}

/** Whether `value` is a complex number. */
export function isComplex(value: unknown): value is Complex {
  const { re, im } = (typeof value === 'object' && value !== null ? value : {}) as Partial<Complex>;
  return typeof re === 'number' && typeof im === 'number';
}
