// A corpus of arrays by category: every dtype that NumPy saves without a pickle, each in every layout that the format distinguishes, and
// arrays of objects. Each array is a description from which NumPy makes it; nothing here depends on the format.
import fc from 'fast-check';
import type { ArrayRecipe, Case, FieldRecipe, TypeRecipe } from '../../fuzz/case.ts';
import { patternFor } from '../../fuzz/kinds/patterns.ts';

const field = (name: string, type: TypeRecipe, more: Partial<FieldRecipe> = {}): FieldRecipe => ({
  name,
  type,
  gap: 0,
  ...more,
});
const struct = (...fields: readonly FieldRecipe[]): TypeRecipe => ({ fields, tail: 0 });
const aligned = (...fields: readonly FieldRecipe[]): TypeRecipe => ({ fields, tail: 0, align: true });
const bothOrders = (...codes: readonly string[]): string[] => codes.flatMap((code) => [`<${code}`, `>${code}`]);
const units = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as'];
const names = (...list: readonly string[]): TypeRecipe => struct(...list.map((name) => field(name, '<i2')));

/** Dtypes by category. */
export const categories: Readonly<Record<string, readonly TypeRecipe[]>> = {
  booleans: ['?'],
  'integers of one byte': ['i1', 'u1'],
  integers: bothOrders('i2', 'i4', 'i8', 'u2', 'u4', 'u8'),
  floats: bothOrders('f2', 'f4', 'f8'),
  'long doubles': bothOrders('f16', 'c32'),
  'complex numbers': bothOrders('c8', 'c16'),
  bytes: ['S1', 'S5', 'S33', 'S0'],
  texts: [...bothOrders('U1', 'U3'), '<U17', '<U0'],
  voids: ['V1', 'V3', 'V16'],
  'points of time': [...units.map((unit) => `<M8[${unit}]`), '>M8[ns]', '<M8[25s]', '<M8[2147483647as]', '<M8', '>M8'],
  'spans of time': [...units.map((unit) => `<m8[${unit}]`), '>m8[ms]', '<m8[7D]', '<m8', '>m8'],
  structures: [
    struct(field('x', '<f4'), field('y', '<f4')),
    struct(field('id', '>i8'), field('name', '<U3'), field('flag', '?')),
    struct(field('all', 'S3'), field('of', '<c16'), field('them', '<M8[D]'), field('here', 'V3'), field('e', '<f2')),
    struct(),
  ],
  'structures in structures': [
    struct(field('p', struct(field('x', '<i2'), field('q', struct(field('y', '>f8'))))), field('n', 'i1')),
    struct(field('a', struct()), field('b', struct(field('c', struct())))),
  ],
  subarrays: [
    struct(field('m', '<f4', { shape: [2, 3] })),
    struct(field('m', '<U2', { shape: [2] }), field('p', struct(field('x', '<i2', { shape: [1] })), { shape: [2, 1] })),
    struct(field('none', '<i4', { shape: [0] }), field('one', '<i4', { shape: [1] })),
  ],
  titles: [
    struct(field('x', '<f4', { title: 'the x' }), field('y', '<f4'), field('z', '<i2', { title: 'é', shape: [2] })),
  ],
  gaps: [
    { fields: [field('x', 'i1', { gap: 3 }), field('y', '<f8', { gap: 4 })], tail: 5 },
    { fields: [], tail: 7 },
    struct(field('p', { fields: [field('x', 'i1', { gap: 1 })], tail: 1 }), field('l', '<f16', { gap: 2 })),
  ],
  'aligned structures': [
    aligned(field('x', 'i1'), field('y', '<f8'), field('z', '<i2')),
    aligned(field('x', 'i1'), field('p', aligned(field('y', '<f4'), field('z', 'u1'))), field('l', '<f16')),
  ],
  'names in latin-1, 1.0': [
    names('é', 'ÿ', "it's", '"', 'both\'"', '\\', '\n', '\x80', 'shape', "'shape': (9,)", '__proto__', ' '),
  ],
  'names beyond latin-1, 3.0': [names('漢', '😀', '\u0301', '\u200b', '\ud800')],
  'headers of 2.0': [names(...Array.from({ length: 250 }, (_, i) => `a long name ${'n'.repeat(250)} ${i}`))],
  'headers at each step of 64': Array.from({ length: 16 }, (_, i) => names('n'.repeat(4 * i + 1))),
};

type Layout = Pick<ArrayRecipe, 'shape' | 'strides' | 'offset'> & Partial<ArrayRecipe>;

/** Shape, strides and offset in elements. */
const layouts: Readonly<Record<string, Layout>> = {
  '0-d': { shape: [], strides: [], offset: 0 },
  'one axis': { shape: [5], strides: [1], offset: 0 },
  'C order': { shape: [2, 3], strides: [3, 1], offset: 0 },
  'Fortran order': { shape: [2, 3], strides: [1, 2], offset: 0 },
  'Fortran order, three axes': { shape: [2, 3, 2], strides: [1, 2, 6], offset: 0 },
  'neither order': { shape: [2, 3, 2], strides: [2, 4, 1], offset: 0 },
  'every other element': { shape: [2, 3], strides: [12, 2], offset: 1 },
  reversed: { shape: [4], strides: [-1], offset: 3 },
  'reversed and turned': { shape: [2, 3], strides: [-1, -2], offset: 5 },
  repeated: { shape: [3, 2], strides: [0, 1], offset: 0 },
  unaligned: { shape: [3], strides: [1], offset: 0, shift: 1 },
  empty: { shape: [0], strides: [1], offset: 0 },
  'empty, three axes': { shape: [2, 0, 3], strides: [1, 2, 2], offset: 0 },
  'a row in Fortran order': { shape: [1, 4], strides: [1, 1], offset: 0, order: 'F' },
  '32 axes': { shape: Array(32).fill(1), strides: Array(32).fill(1), offset: 0 },
};

/** Every dtype in every layout, over bytes that are meaningful values of the dtype. */
const binary: readonly Named[] = Object.entries(categories).flatMap(([category, types]) =>
  types.flatMap((type, i) =>
    Object.entries(layouts).map(([name, layout], j): Named => {
      const [pattern] = fc.sample(patternFor(type), { seed: 1000 * i + j, numRuns: 1 });
      const array: ArrayRecipe = { type, shift: 0, ...layout };
      return {
        name: `${category} ${i}, ${name}`,
        asked: { ask: 'save', array, pattern: pattern ?? new Uint8Array(1) },
      };
    }),
  ),
);

/** Arrays of Python objects of every supported kind, and of NumPy 2's StringDType, which pickle/maker.py makes from a seed. */
const objects: readonly Named[] = Array.from({ length: 60 }, (_, seed) => ({
  name: `objects ${seed}`,
  asked: { ask: 'objects', seed, damages: [] },
}));

interface Named {
  readonly name: string;
  readonly asked: Case;
}

export const corpus: readonly Named[] = [...binary, ...objects];
