// NumPy's long double on x86-64: the x87's 80 bits in 16 bytes, little-endian.
//   fraction with its leading 1 (8 bytes) | sign and exponent, biased by 16383 (2 bytes) | padding (6 bytes)
// Bits are kept as they are; an element reads as the nearest double, ties to even. Padding is written as zeros.

import { checkComplex, checkNumber } from './check-value.ts';
import type { Complex } from './complex.ts';
import { MemoryStore } from './memory-store.ts';

const BYTES = 16;
const BIAS = 16383;

/** A store of `longdouble` elements: sixteen bytes each. */
export class LongDoubleStore extends MemoryStore<number, Uint8Array> {
  readonly dtype = 'longdouble';

  constructor(raw: Uint8Array | number) {
    super(raw, BYTES, Uint8Array);
  }

  /** Returns the nearest double. */
  get(index: number): number {
    return readLongDouble(this.raw, this.firstWord(index));
  }

  /** @throws NpyError NPY_INDEX, NPY_VALUE if `value` is not a number */
  set(index: number, value: number): void {
    writeLongDouble(this.raw, this.firstWord(index), checkNumber(this.dtype, value));
  }
}

/** A store of `clongdouble` elements: two long doubles each. */
export class CLongDoubleStore extends MemoryStore<Complex, Uint8Array> {
  readonly dtype = 'clongdouble';

  constructor(raw: Uint8Array | number) {
    super(raw, 2 * BYTES, Uint8Array);
  }

  /** Returns the nearest doubles. */
  get(index: number): Complex {
    const at = this.firstWord(index);
    return { re: readLongDouble(this.raw, at), im: readLongDouble(this.raw, at + BYTES) };
  }

  /** @throws NpyError NPY_INDEX, NPY_VALUE if `value` is not a complex number */
  set(index: number, value: Complex): void {
    const { re, im } = checkComplex(this.dtype, value);
    const at = this.firstWord(index);
    writeLongDouble(this.raw, at, re);
    writeLongDouble(this.raw, at + BYTES, im);
  }
}

/** Returns the double nearest to the long double at byte `at`. */
function readLongDouble(raw: Uint8Array, at: number): number {
  const view = viewOf(raw, at);
  const fraction = view.getBigUint64(0, true);
  const head = view.getUint16(8, true);
  const sign = head & 0x8000 ? -1 : 1;
  const exponent = head & 0x7fff;
  if (exponent === 0x7fff) return fraction === 1n << 63n ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  // The x87 treats a number with an exponent and without the leading 1 as invalid, also if the fraction is 0.
  if (exponent !== 0 && fraction >> 63n === 0n) return Number.NaN;
  const power = Math.max(exponent, 1) - BIAS - 63;
  if (power + 63 < -1022) return sign * subnormal(fraction, -1074 - power);
  // Number() rounds to 53 bits. The power of two is applied in two steps, since one might be out of range; the first is exact.
  const half = Math.trunc(power / 2);
  return sign * Number(fraction) * 2 ** half * 2 ** (power - half);
}

/** Returns a double below 2^-1022, which is a multiple of 2^-1074: `fraction` rounded by its last `drop` bits, ties to even. */
function subnormal(fraction: bigint, drop: number): number {
  if (drop > 65) return 0;
  const kept = fraction >> BigInt(drop);
  const rest = fraction - (kept << BigInt(drop));
  const tie = 1n << BigInt(drop - 1);
  const up = rest > tie || (rest === tie && kept % 2n === 1n);
  return Number(up ? kept + 1n : kept) * Number.MIN_VALUE;
}

function viewOf(raw: Uint8Array, at: number): DataView {
  return new DataView(raw.buffer, raw.byteOffset + at, BYTES);
}

const scratch = new DataView(new ArrayBuffer(8));

/** Writes a double as a long double, which is always exact. */
function writeLongDouble(raw: Uint8Array, at: number, value: number): void {
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
  const view = viewOf(raw, at);
  view.setBigUint64(0, bits, true);
  view.setUint16(8, sign | biased, true);
  raw.fill(0, at + 10, at + BYTES);
}
