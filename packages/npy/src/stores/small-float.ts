// The short floats of the ml_dtypes package, kept as bits: bfloat16, and the float8 types, each named by the bits of its exponent and
// fraction. Files say only how many bytes an element has (`<V2`, `<V1`, `<f1`), so they are read only if the caller asks for them.
//   bfloat16       the upper half of a float32
//   …              as IEEE 754: infinities, NaNs                         e5m2, e4m3, e3m4
//   …fn            finite: no infinities, NaN is all ones                e4m3fn
//   …fnuz          finite, no negative zero: NaN has its bits            e4m3fnuz, e4m3b11fnuz, e5m2fnuz
//   e8m0fnu        exponent only: powers of two, NaN is all ones
import type { FixedDTypeName } from '../dtype/dtype.ts';
import { NpyError } from '../errors.ts';
import { checkNumber } from './check-value.ts';
import { bitsOfMagnitude, bitsOfValue, type FloatLayout, signOf, valueOfBits, valueOfMagnitude } from './float-bits.ts';
import { MemoryStore, type RawType } from './memory-store.ts';

/** The names of the short floats of one byte. */
export type Float8Name = Extract<FixedDTypeName, `float8_${string}`>;

/** The rule for the bits that are not finite numbers. */
type Special = 'ieee' | 'fn' | 'fnuz' | 'fnu';

interface Format extends FloatLayout {
  readonly special: Special;
}

function format(exponentBits: number, fractionBits: number, bias: number, special: Special): Format {
  const minExponent = special === 'fnu' ? -bias : 1 - bias;
  return { fractionBits, bias, minExponent, sign: 1 << (exponentBits + fractionBits), special };
}

const formats: Readonly<Record<Float8Name | 'bfloat16', Format>> = {
  bfloat16: format(8, 7, 127, 'ieee'),
  float8_e3m4: format(3, 4, 3, 'ieee'),
  float8_e4m3: format(4, 3, 7, 'ieee'),
  float8_e4m3b11fnuz: format(4, 3, 11, 'fnuz'),
  float8_e4m3fn: format(4, 3, 7, 'fn'),
  float8_e4m3fnuz: format(4, 3, 8, 'fnuz'),
  float8_e5m2: format(5, 2, 15, 'ieee'),
  float8_e5m2fnuz: format(5, 2, 16, 'fnuz'),
  float8_e8m0fnu: format(8, 0, 127, 'fnu'),
};

/** Returns the bits of the one NaN of a format other than IEEE 754. They follow those of the largest number. */
function nanOf({ special, sign }: Format): number {
  return special === 'fnuz' ? sign : sign - 1;
}

/** Returns the value of an element's bits. */
function valueIn(format: Format, bits: number): number {
  const { special, sign, bias } = format;
  if (special === 'ieee') return valueOfBits(bits, format);
  const magnitude = bits & (sign - 1);
  if ((special === 'fnuz' ? bits : magnitude) === nanOf(format)) return Number.NaN;
  const size = special === 'fnu' ? 2 ** (bits - bias) : valueOfMagnitude(magnitude, format);
  return bits & sign ? -size : size;
}

/** Returns the bits of the number nearest to `value`; above the largest number infinity, or NaN if the format has no infinity. */
function bitsIn(format: Format, value: number): number {
  const { special } = format;
  if (special === 'ieee') return bitsOfValue(value, format);
  const nan = nanOf(format);
  if (Number.isNaN(value) || (special === 'fnu' && !(value > 0))) return nan;
  const size = Math.abs(value);
  const nearest = size === Number.POSITIVE_INFINITY ? size : bitsOfMagnitude(size, format);
  // e8m0fnu has no zero and no subnormal numbers, so that its exponents count from 0 and not from 1.
  const bits = special === 'fnu' ? Math.max(nearest - 1, 0) : nearest;
  if (special === 'fn') return signOf(value, format) | Math.min(bits, nan);
  if (bits >= nan) return nan;
  return bits === 0 ? 0 : signOf(value, format) | bits;
}

/** A store whose `raw` holds the bits of each element. */
abstract class SmallFloatStore<R extends Uint8Array | Uint16Array> extends MemoryStore<number, R> {
  abstract override readonly dtype: Float8Name | 'bfloat16';
  readonly #format: Format;

  constructor(dtype: Float8Name | 'bfloat16', raw: R | number, type: RawType<R>) {
    super(raw, 1, type);
    if (typeof dtype !== 'string' || !Object.hasOwn(formats, dtype))
      throw new NpyError('NPY_DESCR', 'npy: not a float8 dtype', { dtype }, { fault: 'caller' });
    this.#format = formats[dtype];
  }

  get(index: number): number {
    return valueIn(this.#format, this.raw[this.firstWord(index)] ?? 0);
  }

  /** Stores the nearest value, ties to even. @throws NpyError NPY_INDEX, NPY_VALUE if `value` is not a number */
  set(index: number, value: number): void {
    this.raw[this.firstWord(index)] = bitsIn(this.#format, checkNumber(this.dtype, value));
  }
}

/** A store of `bfloat16` elements. */
export class BFloat16Store extends SmallFloatStore<Uint16Array> {
  readonly dtype = 'bfloat16';

  constructor(raw: Uint16Array | number) {
    super('bfloat16', raw, Uint16Array);
  }
}

/** A store of one of the float8 types. */
export class Float8Store<N extends Float8Name = Float8Name> extends SmallFloatStore<Uint8Array> {
  readonly dtype: N;

  constructor(dtype: N, raw: Uint8Array | number) {
    super(dtype, raw, Uint8Array);
    this.dtype = dtype;
  }
}
