// Draws files with wrong sizes: shapes of any numbers, data that is a byte short or long, wrong lengths and versions.
import fc from 'fast-check';
import type { Case } from '../case.ts';
import { fileOf, plainHeader } from './headers.ts';

const items: Readonly<Record<string, number>> = {
  '|b1': 1,
  '<i2': 2,
  '>f4': 4,
  '<f8': 8,
  '<f16': 16,
  '>c32': 32,
  '|S3': 3,
  '<U5': 20,
  '<U0': 0,
  '|V0': 0,
  '<M8[s]': 8,
};
const size = fc.oneof(
  { weight: 8, arbitrary: fc.nat(5) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      0,
      0,
      1,
      1,
      16,
      1000,
      65536,
      2 ** 31 - 1,
      2 ** 31,
      2 ** 32,
      2 ** 40,
      2 ** 52,
      2 ** 53 - 1,
    ),
  },
);
const sizes: fc.Arbitrary<number[]> = fc.oneof(
  { weight: 12, arbitrary: fc.array(size, { maxLength: 5 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(1, 1, 1, 1, 1, 2, 0), { minLength: 20, maxLength: 70 }) },
  { weight: 1, arbitrary: fc.array(fc.constantFrom(2 ** 31, 2 ** 32, 2 ** 16, 3, 0), { minLength: 2, maxLength: 6 }) },
);
/** The number of bytes that the file has more or less than the array. */
const slack = fc.constantFrom(0, 0, 0, 0, 1, 7, 100, -1, -1, -2, -8, -1000);

export const shapes: fc.Arbitrary<Case> = fc
  .record({
    descr: fc.constantFrom(...Object.keys(items)),
    shape: sizes,
    order: fc.constantFrom('False', 'True'),
    slack,
    spaces: fc.constantFrom(0, 0, 1, 15, 64),
    major: fc.oneof(
      { weight: 15, arbitrary: fc.constantFrom(1, 2, 3) },
      { weight: 1, arbitrary: fc.constantFrom(0, 4, 9, 255) },
    ),
    lie: fc.oneof(
      { weight: 12, arbitrary: fc.constant(0) },
      { weight: 1, arbitrary: fc.constantFrom(1, -1, 2, 64, 4000, 60_000, -1000) },
    ),
  })
  .map(({ descr, shape, order, slack, spaces, major, lie }) => {
    const bytes = shape.reduce((a, b) => a * b, 1) * (items[descr] ?? 0);
    const tuple = `(${shape.map((n) => `${n},`).join(' ')})`;
    const text = ' '.repeat(spaces) + plainHeader(`'${descr}'`, tuple, order);
    const data = Math.max(0, Math.min(4096, bytes + slack));
    return { ask: 'load', file: fileOf({ text, major, lie, data }) };
  });

/** Draws headers of about 10 000 characters, which is np.load's limit. */
export const longHeaders: fc.Arbitrary<Case> = fc
  .record({
    total: fc.oneof(fc.integer({ min: 9990, max: 10_010 }), fc.integer({ min: 3000, max: 70_000 })),
    letter: fc.constantFrom('n', 'é', '漢', '😀', '\\x41', ' '),
    major: fc.constantFrom(1, 2, 3),
  })
  .map(({ total, letter, major }) => {
    const [head, tail] = ["{'descr': [('", "', '<i2')], 'fortran_order': False, 'shape': (2,), }"];
    const latin = major === 3 || letter <= '\xff' ? letter : 'n';
    const text =
      letter === ' '
        ? `${head}a${tail}`
        : head + latin.repeat(Math.floor((total - head.length - tail.length) / [...latin].length)) + tail;
    const fill = Math.max(0, total - 1 - [...text].length);
    const fits = major === 1 ? `${text}${' '.repeat(fill)}\n`.slice(-65_000) : `${text}${' '.repeat(fill)}\n`;
    return { ask: 'load', file: fileOf({ text: fits, major, data: 4 }) };
  });
