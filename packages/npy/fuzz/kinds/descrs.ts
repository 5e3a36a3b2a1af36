// Draws spellings of dtypes: those that NumPy writes, those that it reads, and invalid ones that look like them.
import fc from 'fast-check';
import { words } from '../words.ts';
import { shapeLiteral, stringLiteral } from './literals.ts';

const marks = fc.constantFrom('', '', '<', '<', '>', '=', '|', '!', '@', '^', ' ');
const kinds = [...'?bBhHiIlLqQpPnNefdgFDGSaUVOMmcutTxzw'];
const sizes = '||0|1|2|3|4|8|10|16|32|+4| 4|-1|04|2147483647|2147483648|536870911|536870912'.split('|');
const names =
  words(`bool int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64 float128 complex64 complex128
  complex256 bool_ byte ubyte short intc uintc int uint int_ intp uintp long ulong longlong half single double
  float longdouble csingle cdouble clongdouble complex str str_ bytes bytes_ void object object_ unicode
  datetime64 timedelta64 datetime64[s] timedelta64[25ms] number integer floating generic Float64 i4i4 float_
  string_ object0 uint0 bool8 None toString`);
const unitNames = 'Y|M|W|D|h|m|s|ms|us|ns|ps|fs|as|μs|generic|B||S|ss|D '.split('|');
const counts = ['', '', '', '1', '25', '1000', '2147483647', '2147483648', '-1', '0', '+3', ' 7', '07'];
const divisors = '|||||/2|/7|/100|/1000|/1000000|/0|/-1|/1|/3|//2|/2/2|/ 2'.split('|');
const brackets = fc
  .tuple(fc.constantFrom(...counts), fc.constantFrom(...unitNames), fc.constantFrom(...divisors))
  .map((parts) => `[${parts.join('')}]`);

const sized = fc.tuple(marks, fc.constantFrom(...kinds), fc.constantFrom(...sizes)).map((parts) => parts.join(''));
const written = fc
  .tuple(
    fc.constantFrom('<', '>'),
    fc.constantFrom('i2', 'i4', 'i8', 'u2', 'u4', 'u8', 'f2', 'f4', 'f8', 'f16', 'c8', 'c16', 'c32', 'U1', 'U3'),
  )
  .map((parts) => parts.join(''));
const oneByte = fc.constantFrom('|b1', '|i1', '|u1', '|S1', '|S5', '|V3', '|O', '<M8', '<m8');
const timed = fc
  .tuple(marks, fc.constantFrom('M8', 'm8', 'M', 'm', 'datetime64', 'timedelta64'), brackets)
  .map((parts) => parts.join(''));

/** Draws the spelling of one dtype in a string. */
const single: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: written },
  { weight: 2, arbitrary: oneByte },
  { weight: 3, arbitrary: sized },
  { weight: 2, arbitrary: timed },
  { weight: 1, arbitrary: fc.tuple(marks, fc.constantFrom(...names)).map((parts) => parts.join('')) },
);

const repeats = fc.constantFrom(
  '',
  '',
  '',
  '2',
  '(2,)',
  '(2,3)',
  '(2, 3)',
  '()',
  '(2)',
  '0',
  '(0,)',
  '1',
  '(1,)',
  '-1',
  '(2',
  '2)',
  '2,',
  ' 3',
  '(2,)(3,)',
);
const commaString = fc
  .array(fc.tuple(repeats, single), { minLength: 1, maxLength: 4 })
  .chain((items) =>
    fc
      .constantFrom(',', ',', ', ', ' , ', ',,', ' ', '\t,')
      .map((comma) => items.map((parts) => parts.join('')).join(comma)),
  )
  .chain((text) => fc.constantFrom(text, text, text, `${text},`, `,${text}`, ` ${text}`, `${text} `));

const noise = fc.oneof(fc.string({ maxLength: 6 }), fc.string({ unit: 'binary', maxLength: 4 }));

/** Draws a type string, valid or invalid. */
export const typeString: fc.Arbitrary<string> = fc.oneof(
  { weight: 12, arbitrary: single },
  { weight: 3, arbitrary: commaString },
  { weight: 1, arbitrary: noise },
);

const fieldName = stringLiteral(
  fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom('a', 'b', 'x', 'y', 'z', 'f0', 'f1') },
    { weight: 1, arbitrary: fc.constantFrom('', 'é', '漢', '😀', '\ud83d', '\ude00', "'", '\\', '\n', '\0', '\u200b') },
    { weight: 1, arbitrary: fc.string({ maxLength: 3 }) },
  ),
);
const label = fc.oneof(
  { weight: 10, arbitrary: fieldName },
  { weight: 2, arbitrary: fc.tuple(fieldName, fieldName).map(([title, name]) => `(${title}, ${name})`) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      "''",
      "''",
      'None',
      '3',
      "('a',)",
      "('a', 'b', 'c')",
      "['t', 'n']",
      "(None, 'n')",
      "(3, 'n')",
      "('', '')",
    ),
  },
);
const fieldShape = fc.oneof(
  { weight: 6, arbitrary: fc.constant(undefined) },
  { weight: 3, arbitrary: shapeLiteral },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '2',
      '0',
      '()',
      '[2, 3]',
      '-1',
      '(0,)',
      '(1,)',
      '1',
      '(2147483648,)',
      "'2'",
      'None',
      '2.0',
      'True',
    ),
  },
);

/** Draws the literal under the key `descr`. */
export const descrLiteral: fc.Arbitrary<string> = fc.letrec<{ any: string; struct: string }>((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    { weight: 6, arbitrary: stringLiteral(typeString) },
    { weight: 3, arbitrary: tie('struct') },
    {
      weight: 1,
      arbitrary: fc.constantFrom('None', '3', '{}', '()', "('<i4',)", "b'<i4'", 'True', '[[]]', "{'a': 1}", '1.5'),
    },
    {
      weight: 1,
      arbitrary: fc.tuple(stringLiteral(typeString), fieldShape).map(([base, shape]) => `(${base}, ${shape ?? "'a'"})`),
    },
  ),
  struct: fc
    .array(
      fc.record({
        label,
        type: fc.oneof(
          { maxDepth: 4 },
          { weight: 5, arbitrary: fc.oneof(stringLiteral(written), stringLiteral(oneByte)) },
          { weight: 1, arbitrary: tie('any') },
        ),
        shape: fieldShape,
        open: fc.constantFrom('(', '(', '(', '(', '(', '['),
      }),
      { maxLength: 4 },
    )
    .map((fields) => {
      const items = fields.map(({ label, type, shape, open }) => {
        const inside = shape === undefined ? `${label}, ${type}` : `${label}, ${type}, ${shape}`;
        return open === '[' ? `[${inside}]` : `(${inside})`;
      });
      return `[${items.join(', ')}]`;
    }),
})).any;
