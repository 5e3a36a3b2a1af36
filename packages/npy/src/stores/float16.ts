// IEEE 754 half precision, for runtimes without Float16Array: sign, 5 bits of exponent, 10 of fraction.
// Bits are kept as they are; a number goes in rounded to nearest, ties to even.
import { NpyError } from '../errors.ts';
import { rawOf } from './memory.ts';
import { elementsOf, type Store } from './store.ts';

/** A store of `float16` elements, on their bits. */
export class Float16Store implements Store<number> {
  readonly dtype = 'float16';
  readonly length: number;
  /** The bits of each element. */
  readonly raw: Uint16Array;

  constructor(raw: Uint16Array | number) {
    this.raw = rawOf<Uint16Array>(raw, 1, Uint16Array);
    this.length = this.raw.length;
  }

  get(index: number): number {
    return halfToNumber(this.raw[index] ?? 0);
  }

  set(index: number, value: number): void {
    if (typeof value !== 'number')
      throw new NpyError('NPY_VALUE', `npy: float16 cannot hold ${typeof value}`, { value });
    this.raw[index] = numberToHalf(value);
  }

  [Symbol.iterator](): Iterator<number> {
    return elementsOf(this);
  }
}

/** The value of sixteen bits. */
export function halfToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

/** The nearest half's bits, ties to even; past 65 519 infinity. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return 0x7e00;
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
  const size = Math.abs(value);
  if (size >= 65520) return sign | 0x7c00;
  const guess = Math.floor(Math.log2(size));
  const magnitude = size < 2 ** guess ? guess - 1 : size >= 2 ** (guess + 1) ? guess + 1 : guess;
  // The unit in the last place: 2^-24 below the smallest normal, 2^-14, then one per power of two.
  const exponent = Math.max(magnitude, -14);
  const units = roundHalfEven(size * 2 ** (10 - exponent));
  // A subnormal's units are its bits; a normal's carry the hidden bit, which the exponent field absorbs.
  return sign | (units + ((exponent + 14) << 10));
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
