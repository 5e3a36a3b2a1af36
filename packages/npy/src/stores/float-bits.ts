// The bits of short floats: an exponent and a fraction, of any number of bits each. What is infinite or no number, and the
// sign, is the business of those who know the format.

/** How the magnitude of a short float is laid out. */
export interface FloatLayout {
  readonly fractionBits: number;
  /** What is added to the exponent. */
  readonly bias: number;
  /** The exponent of the smallest numbers that have a leading one. */
  readonly least: number;
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
