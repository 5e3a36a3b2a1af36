// Writes the elements of an array as text, with one spelling for each value: the values that `get` returns, in the form in which
// numpy/peer.py writes NumPy's. Texts differ if values differ, and not if only bytes do.
//   T F | 12 | 1.5e-07 | re|im | s6100 bytes | u6100 UTF-16 | v6100 raw | 12@1970-01-13 time | (…) fields | […] subarray
import { type Complex, type Descr, isNpyError, type StructElement, toDate } from '../src/core.ts';

/** The number of elements of an array that are compared. */
export const MAX_VALUES = 64;
/** The items of a larger field are not compared. */
const MAX_ITEMS = 1000;

/** Returns the text of one element. */
export type Token = (value: unknown) => string;

/** Returns the function that writes elements of a dtype as text. */
export function tokenOf(descr: Descr): Token {
  if (typeof descr === 'string') return simpleToken(descr);
  if (isSubarray(descr)) return subarrayToken(tokenOf(descr[0]), descr[1]);
  const fields = descr
    .filter(([name, base, shape]) => !(name === '' && shape === undefined && String(base).startsWith('|V')))
    .map(([label, base, shape]) => {
      const name = typeof label === 'string' ? label : label[1];
      const item = tokenOf(base);
      return { name, token: shape === undefined ? item : subarrayToken(item, shape) };
    });
  return (value) => `(${fields.map(({ name, token }) => token((value as StructElement)[name])).join(' ')})`;
}

function isSubarray(descr: Exclude<Descr, string>): descr is readonly [Descr, readonly number[]] {
  const shape: unknown = descr[1];
  return descr.length === 2 && Array.isArray(shape) && shape.every((size) => typeof size === 'number');
}

function subarrayToken(item: Token, shape: readonly number[]): Token {
  if (shape.reduce((a, b) => a * b, 1) > MAX_ITEMS) return () => '...';
  return (value) =>
    `[${(shape.length === 1 ? (value as unknown[]) : (value as unknown[]).flat(shape.length - 1)).map(item).join(' ')}]`;
}

function simpleToken(descr: string): Token {
  switch (descr[1]) {
    case 'b':
      return (value) => (value === true ? 'T' : value === false ? 'F' : 'no boolean');
    case 'f':
      return (value) => floatToken(value as number);
    case 'c':
      return (value) => `${floatToken((value as Complex).re)}|${floatToken((value as Complex).im)}`;
    case 'S':
      return (value) => `s${hex(value as Uint8Array)}`;
    case 'V':
      return (value) => `v${hex(value as Uint8Array)}`;
    case 'U':
      return (value) => `u${Buffer.from(value as string, 'utf16le').toString('hex')}`;
    case 'M':
      return instantToken(descr);
    default:
      return String;
  }
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
}

/** `repr(float)`: the shortest digits that give the number again, which both languages find in the same way. */
export function floatToken(value: number): string {
  const size = Math.abs(value);
  if (size >= 1e-4 && size < 1e16) return Number.isInteger(value) ? `${value}.0` : String(value);
  if (size === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  if (Number.isNaN(value)) return 'nan';
  if (size === Number.POSITIVE_INFINITY) return value < 0 ? '-inf' : 'inf';
  const [digits, exponent] = value.toExponential().split('e') as [string, string];
  return `${digits}e${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
}

/**
 * Returns the count and, if a Date is the same instant, its text as NumPy prints it. Otherwise the text is `?`, which stands for
 * any text.
 */
function instantToken(descr: string): Token {
  const unit = descr.slice(descr.indexOf('[') + 1, -1);
  if (!descr.includes('[')) return String;
  const letters = unit.replace(/^\d+/, '');
  const many = BigInt(unit.slice(0, unit.length - letters.length) || 1);
  return (value) => {
    // NumPy converts counts to the unit itself in 64 bits, and larger results wrap around.
    const total = (value as bigint) * many;
    const date = BigInt.asIntN(64, total) === total ? toDate(value as bigint, unit) : undefined;
    return `${value}@${date ? isoDate(date, letters) : '?'}`;
  };
}

const PLACES: Readonly<Record<string, number>> = { us: 3, ns: 6, ps: 9, fs: 12, as: 15 };
const ENDS: Readonly<Record<string, number>> = { Y: -20, M: -17, W: -14, D: -14, h: -11, m: -8, s: -5, ms: -1 };

/** NumPy prints as many decimal places as the unit has, and years without a plus sign. */
function isoDate(date: Date, unit: string): string {
  const iso = date.toISOString();
  // Years outside of 0 to 9999 have a sign and six digits in JavaScript, and as many as they need in NumPy.
  const year = date.getUTCFullYear();
  const years = year < 0 ? `-${String(-year).padStart(3, '0')}` : String(year).padStart(4, '0');
  const rest = iso.slice(iso.length - 20);
  const places = PLACES[unit];
  return (
    years + (places === undefined ? rest.slice(0, 20 + (ENDS[unit] ?? 0)) : rest.slice(0, -1) + '0'.repeat(places))
  );
}

/** Returns whether two texts are the same values. A time without a Date equals any text of NumPy. */
export function sameTokens(ours: string, numpys: string): boolean {
  if (ours === numpys) return true;
  // If one field of a structure cannot be read, the whole structure cannot.
  if (ours === '!') return numpys.includes('!');
  // Fields without bytes are only read up to a number of rows.
  if (ours === '...') return numpys.includes('[]') || numpys.includes('...');
  if (!ours.includes('@?')) return false;
  const known = ours.split(/@\?/);
  let at = 0;
  for (const [i, part] of known.entries()) {
    if (!numpys.startsWith(part, at)) return false;
    at += part.length;
    if (i === known.length - 1) return at === numpys.length;
    if (numpys[at] !== '@') return false;
    while (at < numpys.length && !' )]'.includes(numpys[at] as string)) at++;
  }
  return false;
}

/** @returns a sentence about the first value that differs. NumPy's `?` means that it could not print the value */
export function valuesDiffer(what: string, ours: readonly string[], numpys: readonly string[]): string | undefined {
  if (numpys[0] === '?') return undefined;
  if (ours.length !== numpys.length) return `${what}: ${ours.length} of them, NumPy's are ${numpys.length}`;
  const at = ours.findIndex((value, i) => !sameTokens(value, numpys[i] as string));
  return at < 0 ? undefined : `${what}: element ${at} is ${ours[at]}, NumPy's is ${numpys[at]}`;
}

/** Returns one element as text, or `!` if it cannot be read, such as a str with a unit above U+10FFFF. */
export function tokenAt(token: Token, read: () => unknown): string {
  try {
    return token(read());
  } catch (error) {
    if (isNpyError(error, 'NPY_VALUE')) return '!';
    if (isNpyError(error, 'NPY_LIMIT')) return '...';
    throw error;
  }
}
