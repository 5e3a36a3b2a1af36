// Draws the bytes of random arrays: meaningful values of each dtype, and meaningless ones.
import fc from 'fast-check';
import type { TypeRecipe } from '../case.ts';

const codePoints = [
  0, 0, 0x61, 0x41, 0xe9, 0x20ac, 0x6f22, 0x1f600, 0xd83d, 0xde00, 0xd800, 0xdfff, 0x10ffff, 0x110000, 0xfeff, 0x0a,
];
const integers = [
  0n,
  1n,
  -1n,
  12n,
  255n,
  -(2n ** 63n),
  2n ** 63n - 1n,
  2n ** 53n + 1n,
  -(2n ** 53n) - 1n,
  2n ** 31n,
  86_400_000n,
];
const doubles = [
  0,
  -0,
  1,
  -1.5,
  0.1,
  1e16,
  1e15,
  123456789,
  1e-5,
  1e-4,
  5e-324,
  2.2250738585072014e-308,
  Number.MAX_VALUE,
  Infinity,
  -Infinity,
  NaN,
  1 / 3,
];
/**
 * Long doubles as sign and exponent, and fraction with its leading 1: numbers, halves between two doubles, the smallest numbers,
 * and invalid ones.
 */
const longDoubles: readonly (readonly [number, bigint])[] = [
  [0, 0n],
  [0x8000, 0n],
  [16383, 1n << 63n],
  [16383, (1n << 63n) + 1n],
  [16383, (1n << 63n) + (1n << 10n)],
  [16383, (1n << 63n) + (3n << 10n)],
  [16383, (1n << 63n) + (1n << 10n) + 1n],
  [0xbfff, (1n << 64n) - 1n],
  [16383 + 1023, (1n << 64n) - (1n << 11n)],
  [16383 + 1023, (1n << 64n) - (1n << 10n)],
  [16383 + 1024, 1n << 63n],
  [16383 - 1022, 1n << 63n],
  [16383 - 1023, (1n << 64n) - 1n],
  [16383 - 1074, 1n << 63n],
  [16383 - 1075, 1n << 63n],
  [16383 - 1075, (1n << 63n) + 1n],
  [16383 - 1080, (1n << 64n) - 1n],
  [1, 1n << 63n],
  [0, 1n],
  [0, 1n << 63n],
  [0x7fff, 1n << 63n],
  [0xffff, 1n << 63n],
  [0x7fff, 3n << 62n],
  [0x7fff, 0n],
  [16383, 1n << 62n],
  [16383, 0n],
];

const bits = fc.bigInt({ min: 0n, max: (1n << 64n) - 1n });

/** Returns a little-endian word of `bytes` bytes. */
function word(bytes: number, write: (view: DataView) => void): Uint8Array {
  const made = new Uint8Array(bytes);
  write(new DataView(made.buffer));
  return made;
}

const anyBytes = fc.uint8Array({ minLength: 8, maxLength: 8 });
const someZeros = fc
  .array(fc.constantFrom(0, 0, 0, 1, 0x41, 0x80, 0xff), { minLength: 8, maxLength: 8 })
  .map((bytes) => Uint8Array.from(bytes));
const point = fc
  .oneof({ weight: 6, arbitrary: fc.constantFrom(...codePoints) }, fc.nat(0x10ffff))
  .map((code) => word(4, (view) => view.setUint32(0, code, true)));
const integer = fc
  .oneof(
    { weight: 3, arbitrary: fc.constantFrom(...integers) },
    bits,
    fc.bigInt({ min: -(10n ** 13n), max: 10n ** 13n }),
  )
  .map((n) => word(8, (view) => view.setBigInt64(0, BigInt.asIntN(64, n), true)));
const double = fc
  .oneof(fc.constantFrom(...doubles), fc.double())
  .map((n) => word(8, (view) => view.setFloat64(0, n, true)));
const single = fc
  .oneof(fc.constantFrom(...doubles), fc.double())
  .map((n) => word(4, (view) => view.setFloat32(0, n, true)));
const half = fc
  .oneof(fc.constantFrom(0, 0x8000, 0x3c00, 1, 0x3ff, 0x400, 0x7bff, 0x7c00, 0xfc00, 0x7e00, 0x7c01), fc.nat(0xffff))
  .map((n) => word(2, (view) => view.setUint16(0, n, true)));
const longDouble = fc
  .oneof(
    { weight: 2, arbitrary: fc.constantFrom(...longDoubles) },
    // These values lie near doubles, where rounding decides.
    {
      weight: 2,
      arbitrary: fc.tuple(
        fc.integer({ min: 16383 - 1100, max: 16383 + 1030 }),
        bits.map((n) => n | (1n << 63n)),
      ),
    },
    { weight: 1, arbitrary: fc.tuple(fc.nat(0xffff), bits) },
  )
  .map(([head, fraction]) =>
    word(16, (view) => {
      view.setBigUint64(0, fraction, true);
      view.setUint16(8, head, true);
      view.setUint32(10, 0xa5a5a5a5, true);
    }),
  );

/** Bytes for structures, whose fields may lie at any offset: words of every kind, most of them of four or eight bytes. */
const mixed = fc.oneof(someZeros, point, integer, double, anyBytes);

const words: Readonly<Record<string, fc.Arbitrary<Uint8Array>>> = {
  f2: half,
  f4: single,
  f8: double,
  f16: longDouble,
  c8: single,
  c16: double,
  c32: longDouble,
  i8: integer,
  u8: integer,
  M8: integer,
  m8: integer,
  U: point,
  S: someZeros,
  V: someZeros,
};

/** Returns the patterns that fill an array of that dtype. */
export function patternFor(type: TypeRecipe): fc.Arbitrary<Uint8Array> {
  const foreign = typeof type === 'string' && type.startsWith('>');
  return fc.array(wordsFor(type), { minLength: 1, maxLength: 12 }).map((made) => {
    const bytes = Buffer.concat(foreign ? made.map((one) => one.toReversed()) : made);
    return Uint8Array.from(bytes);
  });
}

function wordsFor(type: TypeRecipe): fc.Arbitrary<Uint8Array> {
  if (typeof type !== 'string') return mixed;
  const code = type.replace(/^[<>]/, '').replace(/\[.*/, '');
  const fitting = words[code] ?? words[code[0] ?? ''];
  return fitting ? fc.oneof({ weight: 5, arbitrary: fitting }, { weight: 1, arbitrary: anyBytes }) : anyBytes;
}
