// IEEE 754 half precision, for runtimes without Float16Array: a sign, 5 bits of exponent, 10 of fraction.
// Bits are kept as they are; numbers are rounded to the nearest half, ties to even.

import { checkNumber } from './check-value.ts';
import { bitsOfValue, type FloatLayout, valueOfBits } from './float-bits.ts';
import { MemoryStore } from './memory-store.ts';

/** A store of `float16` elements over their bits. */
export class Float16Store extends MemoryStore<number, Uint16Array> {
  readonly dtype = 'float16';

  constructor(raw: Uint16Array | number) {
    super(raw, 1, Uint16Array);
  }

  get(index: number): number {
    return halfToNumber(this.raw[this.firstWord(index)] ?? 0);
  }

  set(index: number, value: number): void {
    this.raw[this.firstWord(index)] = numberToHalf(checkNumber('float16', value));
  }
}

const HALF: FloatLayout = { fractionBits: 10, bias: 15, minExponent: -14, sign: 0x8000 };

/** Returns the value of a half's bits. */
export function halfToNumber(bits: number): number {
  return valueOfBits(bits, HALF);
}

/** Returns the bits of the nearest half, ties to even, and those of infinity above 65 519. */
export function numberToHalf(value: number): number {
  return bitsOfValue(value, HALF);
}
