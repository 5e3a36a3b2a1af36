// Draws dtypes for arrays that NumPy makes: every category, in both byte orders, and structures of them.
import fc from 'fast-check';
import type { FieldRecipe, TypeRecipe } from '../case.ts';

const order = fc.constantFrom('<', '<', '>');
const spelled = (codes: readonly string[]): fc.Arbitrary<string> =>
  fc.tuple(order, fc.constantFrom(...codes)).map(([mark, code]) => mark + code);

const numbers = spelled(['?', 'i1', 'u1', 'i2', 'u2', 'i4', 'u4', 'i8', 'u8', 'f2', 'f4', 'f8', 'c8', 'c16']);
const longDoubles = fc.constantFrom('<f16', '<f16', '>f16', '<c32', '>c32');
const texts = fc
  .tuple(
    fc.constantFrom('<U', '>U', 'S', 'V'),
    fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 7 }) }, fc.constantFrom(0, 16, 33)),
  )
  // NumPy's constructor reads a void without a width as one of 8 bytes, and refuses V0.
  .map(([kind, width]) => `${kind}${kind === 'V' ? Math.max(width, 1) : width}`);

const units = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as'];
const unit = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...units).map((name) => `[${name}]`) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.constantFrom(2, 7, 25, 1000, 2147483647), fc.constantFrom(...units))
      .map(([n, name]) => `[${n}${name}]`),
  },
  { weight: 1, arbitrary: fc.constantFrom('', '[generic]') },
);
const times = fc.tuple(spelled(['M8', 'm8']), unit).map(([code, name]) => code + name);

/** Draws a dtype without fields and subarrays. */
export const simpleType: fc.Arbitrary<string> = fc.oneof(
  { weight: 5, arbitrary: numbers },
  { weight: 1, arbitrary: longDoubles },
  { weight: 2, arbitrary: texts },
  { weight: 2, arbitrary: times },
);

const plainNames = ['a', 'b', 'x', 'y', 'f0', 'f1', 'red', 'field one', 'descr', 'shape', 'fortran_order'];
const oddNames = [
  ...[
    'é',
    'ÿ',
    '\x80',
    '\xad',
    '漢',
    '😀',
    '\u200b',
    '\ud800',
    '\udfff',
    '\ufeff',
    '\u0301',
    '\u{e0001}',
    '\u{10ffff}',
  ],
  ...[
    "it's",
    '"',
    'both\'"',
    '\\',
    '\n',
    '\r\t',
    '\0',
    '\x7f',
    "'shape': (9,)",
    '{',
    '#',
    '__proto__',
    'constructor',
    '0',
    ' ',
  ],
];
const name = fc.oneof(
  { weight: 50, arbitrary: fc.constantFrom(...plainNames) },
  { weight: 20, arbitrary: fc.constantFrom(...oddNames) },
  { weight: 10, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 3 }) },
  // Names of any code points, most of which are unassigned.
  { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 3 }) },
  // Names with which a header passes a multiple of 64 bytes, the 16 bits of version 1.0, or NumPy's own limit.
  {
    weight: 10,
    arbitrary: fc.tuple(fc.constantFrom('n', 'é', '漢'), fc.integer({ min: 1, max: 80 })).map(([c, n]) => c.repeat(n)),
  },
);

/** Draws the subarray shape of a field. */
const fieldShape = fc.array(fc.nat(3), { minLength: 1, maxLength: 3 });
const gap = fc.constantFrom(0, 0, 0, 0, 1, 4, 8, 13);

/** Draws structures that contain structures, with gaps if the dtype is not aligned. */
export const structType: fc.Arbitrary<TypeRecipe> = fc.letrec<{ struct: TypeRecipe; any: TypeRecipe }>((tie) => ({
  struct: fc
    .record({
      fields: fc.array(
        fc.record({
          name,
          title: fc.option(name, { nil: undefined, freq: 5 }),
          type: tie('any'),
          shape: fc.option(fieldShape, { nil: undefined, freq: 4 }),
          gap,
        }),
        { maxLength: 4 },
      ),
      tail: fc.constantFrom(0, 0, 0, 1, 3, 16),
      align: fc.constantFrom(false, false, true),
    })
    .map(({ fields, tail, align }) => ({ fields: distinct(fields, align), tail, ...(align && { align }) })),
  any: fc.oneof({ maxDepth: 2 }, { weight: 5, arbitrary: simpleType }, { weight: 1, arbitrary: tie('struct') }),
})).struct;

interface Draft {
  readonly name: string;
  readonly title: string | undefined;
  readonly type: TypeRecipe;
  readonly shape: readonly number[] | undefined;
  readonly gap: number;
}

/**
 * NumPy refuses a name or a title that occurs twice. A str without a width cannot have a shape: NumPy would take the shape for the
 * width.
 */
function distinct(drafts: readonly Draft[], align: boolean): FieldRecipe[] {
  const taken = new Set<string>();
  const fields: FieldRecipe[] = [];
  for (const { name, title, type, shape, gap } of drafts) {
    if (taken.has(name)) continue;
    taken.add(name);
    const titled = title !== undefined && !taken.has(title);
    if (titled) taken.add(title);
    const sized = shape !== undefined && type !== 'S0' && type !== '<U0' && type !== '>U0';
    fields.push({ name, ...(titled && { title }), type, ...(sized && { shape }), gap: align ? 0 : gap });
  }
  return fields;
}

/**
 * Draws structures with many fields, for headers of every length: up to the 16 bits of version 1.0 and past the 10 000 characters
 * of np.load.
 */
export const wideType: fc.Arbitrary<TypeRecipe> = fc
  .record({
    count: fc.constantFrom(5, 50, 300, 1500),
    width: fc.integer({ min: 1, max: 30 }),
    letter: fc.constantFrom('n', 'é', '漢'),
  })
  .map(({ count, width, letter }) => ({
    fields: Array.from({ length: count }, (_, i) => ({ name: letter.repeat(width) + i, type: '<i2', gap: 0 })),
    tail: 0,
  }));
