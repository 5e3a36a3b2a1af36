// The short floats of the ml_dtypes package, on their bits: bfloat16, and the float8 types, each named by the bits of its
// exponent and fraction. Files say only how many bytes an element has (`<V2`, `<V1`, `<f1`), so they are read when asked for.
//   bfloat16       the upper half of a float32
//   …              as IEEE 754: infinities, NaNs                    e5m2, e4m3, e3m4
//   …fn            finite: no infinities, NaN is all ones           e4m3fn
//   …fnuz          and no negative zero: NaN is in its place        e4m3fnuz, e4m3b11fnuz, e5m2fnuz
//   e8m0fnu        an exponent alone: powers of two, NaN all ones
import type { FixedDTypeName } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { rawOf } from './memory.ts';
import { elementsOf, type Store } from './store.ts';

/** The short floats of one byte. */
export type Float8Name = Extract<FixedDTypeName, `float8_${string}`>;

interface Format {
  readonly exponentBits: number;
  readonly fractionBits: number;
  readonly bias: number;
  readonly special: 'ieee' | 'fn' | 'fnuz' | 'fnu';
}

const formats: Readonly<Record<Float8Name | 'bfloat16', Format>> = {
  bfloat16: { exponentBits: 8, fractionBits: 7, bias: 127, special: 'ieee' },
  float8_e3m4: { exponentBits: 3, fractionBits: 4, bias: 3, special: 'ieee' },
  float8_e4m3: { exponentBits: 4, fractionBits: 3, bias: 7, special: 'ieee' },
  float8_e4m3b11fnuz: { exponentBits: 4, fractionBits: 3, bias: 11, special: 'fnuz' },
  float8_e4m3fn: { exponentBits: 4, fractionBits: 3, bias: 7, special: 'fn' },
  float8_e4m3fnuz: { exponentBits: 4, fractionBits: 3, bias: 8, special: 'fnuz' },
  float8_e5m2: { exponentBits: 5, fractionBits: 2, bias: 15, special: 'ieee' },
  float8_e5m2fnuz: { exponentBits: 5, fractionBits: 2, bias: 16, special: 'fnuz' },
  float8_e8m0fnu: { exponentBits: 8, fractionBits: 0, bias: 127, special: 'fnu' },
};

abstract class SmallFloatStore<R extends Uint8Array | Uint16Array> implements Store<number> {
  abstract readonly dtype: Float8Name | 'bfloat16';
  readonly length: number;
  /** The bits of each element. */
  readonly raw: R;
  readonly #format: Format;

  constructor(dtype: Float8Name | 'bfloat16', raw: R) {
    this.#format = formats[dtype];
    this.raw = raw;
    this.length = raw.length;
  }

  get(index: number): number {
    return valueOfBits(this.raw[index] ?? 0, this.#format);
  }

  /** Rounds to the nearest, ties to even. @throws NpyError NPY_VALUE when `value` is no number */
  set(index: number, value: number): void {
    if (typeof value !== 'number') {
      throw new NpyError('NPY_VALUE', `npy: ${this.dtype} cannot hold ${typeof value}`, { value });
    }
    this.raw[index] = bitsOfValue(value, this.#format);
  }

  [Symbol.iterator](): Iterator<number> {
    return elementsOf(this);
  }
}

/** A store of `bfloat16` elements. */
export class BFloat16Store extends SmallFloatStore<Uint16Array> {
  readonly dtype = 'bfloat16';

  constructor(raw: Uint16Array | number) {
    super('bfloat16', rawOf<Uint16Array>(raw, 1, Uint16Array));
  }
}

/** A store of one of the float8 types. */
export class Float8Store<N extends Float8Name = Float8Name> extends SmallFloatStore<Uint8Array> {
  readonly dtype: N;

  constructor(dtype: N, raw: Uint8Array | number) {
    super(dtype, rawOf<Uint8Array>(raw, 1, Uint8Array));
    this.dtype = dtype;
  }
}

function nanBits({ exponentBits, fractionBits, special }: Format): number {
  if (special === 'fnuz') return 1 << (exponentBits + fractionBits);
  const ones = (1 << (exponentBits + fractionBits)) - 1;
  return special === 'ieee' ? ones - (1 << fractionBits) + 1 + (1 << (fractionBits - 1)) : ones;
}

function valueOfBits(bits: number, format: Format): number {
  const { exponentBits, fractionBits, bias, special } = format;
  const magnitude = bits & ((1 << (exponentBits + fractionBits)) - 1);
  const sign = magnitude === bits ? 1 : -1;
  const exponent = magnitude >> fractionBits;
  const fraction = magnitude & ((1 << fractionBits) - 1);
  if (special === 'ieee' && exponent === (1 << exponentBits) - 1) {
    return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  }
  if (special === 'fnuz' ? bits === nanBits(format) : special !== 'ieee' && magnitude === nanBits(format)) {
    return Number.NaN;
  }
  if (special === 'fnu') return 2 ** (exponent - bias);
  if (exponent === 0) return sign * fraction * 2 ** (1 - bias - fractionBits);
  return sign * ((1 << fractionBits) + fraction) * 2 ** (exponent - bias - fractionBits);
}

function bitsOfValue(value: number, format: Format): number {
  const { exponentBits, fractionBits, bias, special } = format;
  const negative = value < 0 || Object.is(value, -0);
  const sign = negative && special !== 'fnu' ? 1 << (exponentBits + fractionBits) : 0;
  // A NaN's sign cannot be told in JavaScript.
  if (Number.isNaN(value) || (special === 'fnu' && !(value > 0))) return nanBits(format);
  const size = Math.abs(value);
  const infinity = special === 'ieee' ? ((1 << exponentBits) - 1) << fractionBits : undefined;
  const overflow = infinity === undefined ? nanBits(format) | (special === 'fn' ? sign : 0) : infinity | sign;
  if (size === Number.POSITIVE_INFINITY) return overflow;
  // In units of the last place, the exponent is at least that of the smallest normal number.
  const least = special === 'fnu' ? -bias : 1 - bias;
  const exponent = Math.max(magnitudeOf(size), least);
  const units = roundHalfEven(size * 2 ** (fractionBits - exponent));
  const bits = special === 'fnu' ? exponent + bias + (units > 1 ? 1 : 0) : units + ((exponent - least) << fractionBits);
  const last =
    infinity === undefined ? (1 << (exponentBits + fractionBits)) - (special === 'fnuz' ? 1 : 2) : infinity - 1;
  if (bits > last) return overflow;
  return bits === 0 && special === 'fnuz' ? 0 : bits | sign;
}

/** The exponent of the highest bit. */
function magnitudeOf(size: number): number {
  if (size === 0) return Number.NEGATIVE_INFINITY;
  const guess = Math.floor(Math.log2(size));
  if (size < 2 ** guess) return guess - 1;
  return size >= 2 ** (guess + 1) ? guess + 1 : guess;
}

/** To the nearest whole number, ties to even. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
