// Converts between values and the bits of short floats, which have a sign and any number of exponent and fraction bits. There is a pair of
// functions for floats as IEEE 754 defines them, with infinities and NaNs, and a pair for the magnitude alone, for formats with other
// special values.

/** The layout of a short float. */
export interface FloatLayout {
  readonly fractionBits: number;
  /** The number that is added to an exponent to store it. */
  readonly bias: number;
  /** The exponent of the smallest normal numbers, which are the numbers with a leading one. */
  readonly minExponent: number;
  /** The sign bit. */
  readonly sign: number;
}

/** Returns the value of IEEE 754 bits. */
export function valueOfBits(bits: number, layout: FloatLayout): number {
  const magnitude = bits & (layout.sign - 1);
  const infinity = infinityOf(layout);
  const special = magnitude === infinity ? Number.POSITIVE_INFINITY : Number.NaN;
  const size = magnitude < infinity ? valueOfMagnitude(magnitude, layout) : special;
  return bits & layout.sign ? -size : size;
}

/** Returns the IEEE 754 bits of the number nearest to `value`, ties to even, and those of infinity above the largest number. */
export function bitsOfValue(value: number, layout: FloatLayout): number {
  const infinity = infinityOf(layout);
  if (Number.isNaN(value)) return infinity | (1 << (layout.fractionBits - 1));
  const size = Math.abs(value);
  const bits = size === Number.POSITIVE_INFINITY ? infinity : Math.min(bitsOfMagnitude(size, layout), infinity);
  return signOf(value, layout) | bits;
}

/** Returns the sign bit of a negative value, -0 included; 0 for others. */
export function signOf(value: number, { sign }: FloatLayout): number {
  return value < 0 || Object.is(value, -0) ? sign : 0;
}

function infinityOf({ sign, fractionBits }: FloatLayout): number {
  return sign - (1 << fractionBits);
}

/** Returns the value of bits that are neither special nor signed. */
export function valueOfMagnitude(bits: number, { fractionBits, bias, minExponent }: FloatLayout): number {
  const exponent = bits >> fractionBits;
  const fraction = bits & ((1 << fractionBits) - 1);
  if (exponent <= minExponent + bias - 1) return fraction * 2 ** (minExponent - fractionBits);
  return ((1 << fractionBits) + fraction) * 2 ** (exponent - bias - fractionBits);
}

/** Returns the bits of the value nearest to `size`, ties to even. `size` is neither negative nor infinite; the bits may overflow. */
export function bitsOfMagnitude(size: number, { fractionBits, minExponent }: FloatLayout): number {
  const guess = Math.floor(Math.log2(size));
  const magnitude = size < 2 ** guess ? guess - 1 : size >= 2 ** (guess + 1) ? guess + 1 : guess;
  // The unit in the last place does not shrink below that of the smallest normal numbers.
  const exponent = Math.max(magnitude, minExponent);
  return roundHalfEven(size * 2 ** (fractionBits - exponent)) + (exponent - minExponent) * 2 ** fractionBits;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
