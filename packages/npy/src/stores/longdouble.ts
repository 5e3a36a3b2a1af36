// NumPy's long double on x86-64: the 80 bits of the x87 in 16 bytes, little-endian.
//   fraction with its leading 1 (8 bytes) | sign and exponent, biased by 16383 (2 bytes) | padding (6 bytes)
// The bits are kept; as a number an element is the nearest double, ties to even. Padding is written as zeros.
import { NpyError } from '../errors.ts';
import type { Complex } from './complex.ts';
import { rawOf } from './memory.ts';
import { elementsOf, type Store } from './store.ts';

const BYTES = 16;
const BIAS = 16383;

/** A store of `longdouble` elements. */
export class LongDoubleStore implements Store<number> {
  readonly dtype = 'longdouble';
  readonly length: number;
  /** Sixteen bytes an element. */
  readonly raw: Uint8Array;
  readonly #view: DataView;

  constructor(raw: Uint8Array | number) {
    this.raw = rawOf<Uint8Array>(raw, BYTES, Uint8Array);
    this.length = this.raw.length / BYTES;
    this.#view = new DataView(this.raw.buffer, this.raw.byteOffset, this.raw.length);
  }

  /** The nearest number. */
  get(index: number): number {
    return readLongDouble(this.#view, index * BYTES);
  }

  /** @throws NpyError NPY_VALUE when `value` is no number */
  set(index: number, value: number): void {
    writeLongDouble(this.#view, index * BYTES, value);
  }

  [Symbol.iterator](): Iterator<number> {
    return elementsOf(this);
  }
}

/** A store of `clongdouble` elements: two long doubles each. */
export class CLongDoubleStore implements Store<Complex> {
  readonly dtype = 'clongdouble';
  readonly length: number;
  /** Thirty-two bytes an element. */
  readonly raw: Uint8Array;
  readonly #view: DataView;

  constructor(raw: Uint8Array | number) {
    this.raw = rawOf<Uint8Array>(raw, 2 * BYTES, Uint8Array);
    this.length = this.raw.length / (2 * BYTES);
    this.#view = new DataView(this.raw.buffer, this.raw.byteOffset, this.raw.length);
  }

  /** The nearest numbers. */
  get(index: number): Complex {
    const at = index * 2 * BYTES;
    return { re: readLongDouble(this.#view, at), im: readLongDouble(this.#view, at + BYTES) };
  }

  /** @throws NpyError NPY_VALUE when `value` is no complex number */
  set(index: number, value: Complex): void {
    const at = index * 2 * BYTES;
    writeLongDouble(this.#view, at, value?.re);
    writeLongDouble(this.#view, at + BYTES, value.im);
  }

  [Symbol.iterator](): Iterator<Complex> {
    return elementsOf(this);
  }
}

/** The nearest double. A NaN keeps its sign and as much of its payload as there is room for. */
export function readLongDouble(view: DataView, at: number): number {
  const fraction = view.getBigUint64(at, true);
  const head = view.getUint16(at + 8, true);
  const sign = head & 0x8000 ? -1 : 1;
  const exponent = head & 0x7fff;
  if (exponent === 0x7fff) return fraction === 1n << 63n ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // What the x87 takes for no number: an exponent without the leading 1 that belongs to it, a fraction of 0 included.
  if (exponent !== 0 && fraction >> 63n === 0n) return Number.NaN;
  const power = Math.max(exponent, 1) - BIAS - 63;
  if (power + 63 < -1022) return sign * subnormal(fraction, -1074 - power);
  // Number rounds to 53 bits. In two steps, where one power of two would be out of range; the first is exact.
  const half = Math.trunc(power / 2);
  return sign * Number(fraction) * 2 ** half * 2 ** (power - half);
}

/** Below 2^-1022 doubles are multiples of 2^-1074: `fraction` without its last `drop` bits is how many, ties to even. */
function subnormal(fraction: bigint, drop: number): number {
  if (drop > 65) return 0;
  const kept = fraction >> BigInt(drop);
  const rest = fraction - (kept << BigInt(drop));
  const tie = 1n << BigInt(drop - 1);
  const up = rest > tie || (rest === tie && kept % 2n === 1n);
  return Number(up ? kept + 1n : kept) * Number.MIN_VALUE;
}

const scratch = new DataView(new ArrayBuffer(8));

/** Every double is a long double. @throws NpyError NPY_VALUE when `value` is no number */
export function writeLongDouble(view: DataView, at: number, value: unknown): void {
  if (typeof value !== 'number') {
    throw new NpyError('NPY_VALUE', `npy: longdouble cannot hold ${typeof value}`, { value });
  }
  scratch.setFloat64(0, value);
  const high = scratch.getUint32(0);
  const sign = high & 0x80000000 ? 0x8000 : 0;
  const exponent = (high >>> 20) & 0x7ff;
  const fraction = ((BigInt(high & 0xfffff) << 32n) | BigInt(scratch.getUint32(4))) << 11n;
  let bits = fraction | (1n << 63n);
  let biased = exponent - 1023 + BIAS;
  if (exponent === 0x7ff) biased = 0x7fff;
  else if (exponent === 0 && fraction === 0n) [bits, biased] = [0n, 0];
  else if (exponent === 0) {
    const shift = 64 - fraction.toString(2).length;
    bits = fraction << BigInt(shift);
    biased = -1022 + BIAS - shift;
  }
  view.setBigUint64(at, bits, true);
  view.setUint16(at + 8, sign | biased, true);
  for (let i = 10; i < BYTES; i++) view.setUint8(at + i, 0);
}
