// The bits of short floats: a sign, an exponent and a fraction, of any number of bits each. As IEEE 754 has them, with
// infinities and NaNs; and the magnitude alone, for formats that have others.

/** How a short float is laid out. */
export interface FloatLayout {
  readonly fractionBits: number;
  /** What is added to the exponent. */
  readonly bias: number;
  /** The exponent of the smallest numbers that have a leading one. */
  readonly least: number;
  /** The sign's bit. */
  readonly sign: number;
}

/** The value of bits as IEEE 754 has them. */
export function valueOfBits(bits: number, layout: FloatLayout): number {
  const magnitude = bits & (layout.sign - 1);
  const infinity = infinityOf(layout);
  const special = magnitude === infinity ? Number.POSITIVE_INFINITY : Number.NaN;
  const size = magnitude < infinity ? valueOfMagnitude(magnitude, layout) : special;
  return bits & layout.sign ? -size : size;
}

/** The bits of the nearest value, ties to even; past the largest number infinity. */
export function bitsOfValue(value: number, layout: FloatLayout): number {
  const infinity = infinityOf(layout);
  if (Number.isNaN(value)) return infinity | (1 << (layout.fractionBits - 1));
  const size = Math.abs(value);
  const bits = size === Number.POSITIVE_INFINITY ? infinity : Math.min(bitsOfMagnitude(size, layout), infinity);
  return signOf(value, layout) | bits;
}

/** The sign's bit where a value has it. */
export function signOf(value: number, { sign }: FloatLayout): number {
  return value < 0 || Object.is(value, -0) ? sign : 0;
}

function infinityOf({ sign, fractionBits }: FloatLayout): number {
  return sign - (1 << fractionBits);
}

/** The value of the bits without the sign, none of them special. */
export function valueOfMagnitude(bits: number, { fractionBits, bias, least }: FloatLayout): number {
  const exponent = bits >> fractionBits;
  const fraction = bits & ((1 << fractionBits) - 1);
  if (exponent <= least + bias - 1) return fraction * 2 ** (least - fractionBits);
  return ((1 << fractionBits) + fraction) * 2 ** (exponent - bias - fractionBits);
}

/** The bits of the value nearest to `size`, which is neither negative nor infinite; ties to even. They may be too many. */
export function bitsOfMagnitude(size: number, { fractionBits, least }: FloatLayout): number {
  const guess = Math.floor(Math.log2(size));
  const magnitude = size < 2 ** guess ? guess - 1 : size >= 2 ** (guess + 1) ? guess + 1 : guess;
  // In units of the last place, which no longer shrinks below the smallest number with a leading one.
  const exponent = Math.max(magnitude, least);
  return roundHalfEven(size * 2 ** (fractionBits - exponent)) + (exponent - least) * 2 ** fractionBits;
}

function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
