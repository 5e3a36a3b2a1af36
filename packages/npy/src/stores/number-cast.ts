// Converts values to numbers. No integer wraps or loses digits; floats are rounded to the nearest.
// A number becomes an integer only if it is one and fits. A bigint becomes a float only if the float is the same integer. A complex
// number becomes nothing else. For a boolean, zero is false and any other number is true.
import type { DType, Kind } from '../dtype/dtype.ts';
import { quoted } from '../text/quoted.ts';
import { cannotHold, complexOf } from './check-value.ts';
import { halfToNumber, numberToHalf } from './float16.ts';

/** Returns the function that turns a value into an element of a numeric dtype. */
export function numberCaster(type: DType): (value: unknown) => unknown {
  const { name, kind, itemsize } = type;
  const refuse = (value: unknown): never => {
    throw cannotHold(name, value, show(value), { dtype: name });
  };
  const exact = exactIn(kind === 'c' ? itemsize / 2 : itemsize);
  const number = (value: unknown): number => {
    if (typeof value === 'number') return value;
    if (typeof value === 'boolean') return value ? 1 : 0;
    if (typeof value === 'bigint' && exact(value)) return Number(value);
    return refuse(value);
  };
  switch (kind) {
    case 'b':
      return (value) => {
        if (typeof value === 'boolean') return value;
        return typeof value === 'number' || typeof value === 'bigint'
          ? Boolean(value) || Number.isNaN(value)
          : refuse(value);
      };
    case 'c':
      return (value) => complexOf(value) ?? { re: number(value), im: 0 };
    case 'i':
    case 'u':
      return itemsize === 8 ? bigintCaster(kind, refuse) : integerCaster(kind, itemsize, refuse);
    default:
      return number;
  }
}

type Refuse = (value: unknown) => never;

function integerCaster(kind: Kind, itemsize: number, refuse: Refuse): (value: unknown) => number {
  const low = kind === 'i' ? -(2 ** (8 * itemsize - 1)) : 0;
  const high = kind === 'i' ? 2 ** (8 * itemsize - 1) - 1 : 2 ** (8 * itemsize) - 1;
  return (value) => {
    const n =
      typeof value === 'number' ? value : typeof value === 'bigint' || typeof value === 'boolean' ? Number(value) : NaN;
    return Number.isInteger(n) && n >= low && n <= high ? n : refuse(value);
  };
}

function bigintCaster(kind: Kind, refuse: Refuse): (value: unknown) => bigint {
  const low = kind === 'i' ? -(1n << 63n) : 0n;
  const high = kind === 'i' ? (1n << 63n) - 1n : (1n << 64n) - 1n;
  return (value) => {
    const isWhole = typeof value === 'number' ? Number.isInteger(value) : typeof value === 'boolean';
    const n = typeof value === 'bigint' ? value : isWhole ? BigInt(value as number | boolean) : undefined;
    return n !== undefined && n >= low && n <= high ? n : refuse(value);
  };
}

/** Returns a function that returns whether a float of `floatBytes` bytes can hold an integer exactly. */
function exactIn(floatBytes: number): (value: bigint) => boolean {
  const rounded =
    floatBytes === 2 ? (n: number) => halfToNumber(numberToHalf(n)) : floatBytes === 4 ? Math.fround : Number;
  return (value) => {
    const n = rounded(Number(value));
    return Number.isFinite(n) && BigInt(n) === value;
  };
}

/** Returns a value as a message shows it: short, and without calling methods of objects. */
function show(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'string') return `string ${quoted(value, 40)}`;
  const { re, im = 0 } = complexOf(value) ?? {};
  if (re !== undefined) return `complex ${re}${im < 0 ? '-' : '+'}${Math.abs(im)}i`;
  if (typeof value === 'bigint')
    return value > -(1n << 128n) && value < 1n << 128n ? `bigint ${value}` : 'a huge bigint';
  return typeof value === 'number' || typeof value === 'boolean' ? `${typeof value} ${value}` : typeof value;
}
