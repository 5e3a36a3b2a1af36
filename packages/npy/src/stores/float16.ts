// IEEE 754 half precision, for runtimes without Float16Array: sign, 5 bits of exponent, 10 of fraction.
// Bits are kept as they are; a number goes in rounded to nearest, ties to even.
import { bitsOfMagnitude, type FloatLayout, valueOfMagnitude } from './float-bits.ts';
import { MemoryStore } from './memory-store.ts';
import { checkNumber } from './value.ts';

/** A store of `float16` elements, on their bits. */
export class Float16Store extends MemoryStore<number, Uint16Array> {
  readonly dtype = 'float16';

  constructor(raw: Uint16Array | number) {
    super(raw, 1, Uint16Array);
  }

  get(index: number): number {
    return halfToNumber(this.raw[this.at(index)] ?? 0);
  }

  set(index: number, value: number): void {
    this.raw[this.at(index)] = numberToHalf(checkNumber('float16', value));
  }
}

const HALF: FloatLayout = { fractionBits: 10, bias: 15, least: -14 };
const INFINITY = 0x7c00;
const NOT_A_NUMBER = 0x7e00;
const SIGN = 0x8000;

/** The value of sixteen bits. */
export function halfToNumber(bits: number): number {
  const magnitude = bits & 0x7fff;
  if (magnitude > INFINITY) return Number.NaN;
  const size = magnitude === INFINITY ? Number.POSITIVE_INFINITY : valueOfMagnitude(magnitude, HALF);
  return bits & SIGN ? -size : size;
}

/** The nearest half's bits, ties to even; past 65 519 infinity. */
export function numberToHalf(value: number): number {
  if (Number.isNaN(value)) return NOT_A_NUMBER;
  const sign = value < 0 || Object.is(value, -0) ? SIGN : 0;
  const size = Math.abs(value);
  return sign | (size < 65520 ? bitsOfMagnitude(size, HALF) : INFINITY);
}
