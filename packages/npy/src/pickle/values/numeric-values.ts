// Python's numbers as values of JavaScript. An int is a number, or a bigint above 2^53. A float is a number, or a PyFloat if the number
// would be an int, so that every number is written as it was read. Decimal and Fraction have classes of their own.

/**
 * A float with an integer value of at most 2^53 - 1, such as 1.0, since the plain number would be the int 1; or a NaN whose bits are not
 * those of Python's own NaN. Numbers with a fraction, -0, infinities and larger floats are plain numbers.
 */
export class PyFloat {
  readonly value: number;
  /** The eight bytes of a NaN other than Python's own, big-endian; otherwise undefined. */
  readonly nanBits: bigint | undefined;

  constructor(value: number, nanBits?: bigint) {
    this.value = value;
    this.nanBits = nanBits;
  }

  valueOf(): number {
    return this.value;
  }

  toJSON(): number {
    return this.value;
  }
}

/** A decimal.Decimal, stored as text: `1.50`, `-Infinity`, `NaN`. */
export class PyDecimal {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

/** A fractions.Fraction, in lowest terms and with a denominator above 0, as in Python. */
export class PyFraction {
  readonly numerator: bigint;
  readonly denominator: bigint;

  constructor(numerator: bigint, denominator: bigint) {
    this.numerator = numerator;
    this.denominator = denominator;
  }

  toString(): string {
    return `${this.numerator}/${this.denominator}`;
  }
}

/** Returns whether a PyFloat is valid: its value is a number, and its bits, if any, are those of a NaN. */
export function isValidFloat({ value, nanBits }: PyFloat): boolean {
  if (typeof value !== 'number') return false;
  if (nanBits === undefined) return true;
  const isNaN64 = typeof nanBits === 'bigint' && nanBits >> 64n === 0n && (nanBits & EXPONENT) === EXPONENT;
  return Number.isNaN(value) && isNaN64 && (nanBits & MANTISSA) !== 0n;
}

const EXPONENT = 0x7ff0_0000_0000_0000n;
const MANTISSA = 0x000f_ffff_ffff_ffffn;

/** Returns whether `value` stands for an int: a bigint, or an integer that a JavaScript number holds exactly. */
export function isInt(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (Number.isSafeInteger(value) && !Object.is(value, -0));
}

/** Returns the number of bytes of an int that needs more than eight; 0 for any other value. */
export function largeIntBytes(value: unknown): number {
  if (typeof value !== 'bigint' || BigInt.asIntN(64, value) === value) return 0;
  return Math.ceil(value.toString(16).length / 2);
}

/** Returns the value of a float, whether PyFloat or number; undefined for anything else. */
export function floatValue(value: unknown): number | undefined {
  if (value instanceof PyFloat) return value.value;
  return typeof value === 'number' ? value : undefined;
}

/** Returns the value of JavaScript for a float: a number, or a PyFloat if the number would be an int. */
export function asFloat(value: number): number | PyFloat {
  return isInt(value) ? new PyFloat(value) : value;
}

/** Returns the value of JavaScript for an int: a number if that is exact, otherwise a bigint. */
export function asInt(value: bigint): number | bigint {
  return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
}

/** The most digits that CPython accepts in the text of an int. */
export const MAX_DIGITS = 4300;

/** Parses an int: an optional sign, and decimal digits. Returns undefined for any other text. */
export function parseInteger(text: string): number | bigint | undefined {
  const sign = text[0] === '-' || text[0] === '+' ? 1 : 0;
  if (text.length === sign || text.length - sign > MAX_DIGITS) return undefined;
  for (let i = sign; i < text.length; i++) if (!isDigit(text.charCodeAt(i))) return undefined;
  const value = BigInt(text.slice(sign));
  return asInt(text[0] === '-' ? -value : value);
}

/** Parses the text that Python up to 3.10 pickles for a Fraction: `1/2`, `-3`. Returns undefined for any other text. */
export function parseFraction(text: string): PyFraction | undefined {
  const slash = text.indexOf('/');
  const numerator = parseInteger(slash < 0 ? text : text.slice(0, slash));
  const denominator = slash < 0 ? 1 : parseInteger(text.slice(slash + 1));
  if (numerator === undefined || denominator === undefined || denominator <= 0) return undefined;
  return new PyFraction(BigInt(numerator), BigInt(denominator));
}

/** Returns whether a value is the text of a Decimal: digits, an infinity or a NaN, with or without a sign. */
export function isDecimal(text: unknown): text is string {
  if (typeof text !== 'string') return false;
  const rest = text.slice(text[0] === '-' || text[0] === '+' ? 1 : 0).toLowerCase();
  if (rest === 'inf' || rest === 'infinity' || isUnsignedFloat(rest)) return true;
  const diagnostic = rest.startsWith('snan') ? rest.slice(4) : rest.startsWith('nan') ? rest.slice(3) : 'none';
  return diagnostic === '' || Array.from(diagnostic, (c) => isDigit(c.charCodeAt(0))).every(Boolean);
}

/** Returns whether a text is `digits [. digits] [e [sign] digits]`, with at least one digit before or after the point. */
export function isUnsignedFloat(text: string): boolean {
  let i = 0;
  const digits = () => {
    const start = i;
    while (i < text.length && isDigit(text.charCodeAt(i))) i++;
    return i - start;
  };
  let count = digits();
  if (text[i] === '.') {
    i++;
    count += digits();
  }
  if (count === 0) return false;
  if (text[i] === 'e') {
    i++;
    if (text[i] === '-' || text[i] === '+') i++;
    if (digits() === 0) return false;
  }
  return i === text.length;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
