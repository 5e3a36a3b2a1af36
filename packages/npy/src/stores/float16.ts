// IEEE 754 half precision, for runtimes without Float16Array: sign, 5 bits of exponent, 10 of fraction.
// Bits are kept as they are; a number goes in rounded to nearest, ties to even.

import { checkNumber } from './check-value.ts';
import { bitsOfValue, type FloatLayout, valueOfBits } from './float-bits.ts';
import { MemoryStore } from './memory-store.ts';

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

const HALF: FloatLayout = { fractionBits: 10, bias: 15, least: -14, sign: 0x8000 };

/** The value of sixteen bits. */
export function halfToNumber(bits: number): number {
  return valueOfBits(bits, HALF);
}

/** The nearest half's bits, ties to even; past 65 519 infinity. */
export function numberToHalf(value: number): number {
  return bitsOfValue(value, HALF);
}
