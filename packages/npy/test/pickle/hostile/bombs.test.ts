// Pickles of a few bytes stand for values that are far larger, by depth, by copies or by declared sizes. Each is refused, or its
// memory and work stay in proportion to its bytes.
import { describe, expect, it } from 'vitest';
import { readPickle } from '../../../src/pickle/read/pickle-reader.ts';
import { writePickle } from '../../../src/pickle/write/pickle-writer.ts';
import { latin1, refusalOf, survives } from './outcome.ts';

const dialect = { protocol: 4, numpyCore: 'numpy._core' } as const;

/** Puts into memo 0 to 6 the functions, classes and arguments from which a pickle makes arrays and scalars of objects. */
const NUMPY =
  'cnumpy._core.multiarray\n_reconstruct\n\x940cnumpy\nndarray\n\x940K\0\x85\x940C\x01b\x940K\x01\x85\x940' +
  'cnumpy\ndtype\n(U\x02O8\x89\x88tR(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x940' +
  'cnumpy._core.multiarray\nscalar\n\x940';
/** Makes an array that has no state yet. */
const ARRAY = 'h\0h\x01h\x02h\x03\x87R';

/** Puts a str of 50 000 letters into memo 7. */
const LETTERS = `X\x50\xc3\0\0${'x'.repeat(50_000)}\x940`;
/** Arrays of StringDType whose items are the same list of 50 000 strs. */
const STRINGS =
  `${NUMPY}U\x01a\x940](${'h\x07'.repeat(50_000)}e\x940](` +
  `${`${ARRAY}(K\x01M\x50\xc3\x85cnumpy._core._internal\n_convert_to_stringdtype_kwargs\nK\x01\x85R\x89h\x08tb`.repeat(9)}e.`;

/** Makes 3000 values, each of which contains the one before it, by memo 7. */
function chain(open: string, close: string): string {
  return `q\x07${`${open}h\x07${close}q\x07`.repeat(3000)}`;
}

/** An int of 2^17 bytes, the largest that is read. */
const INT = `\x8b\0\0\x02\0${'\x7f'.repeat(2 ** 17)}`;

describe('bombs', () => {
  const M = 300_000;
  const doubled = (open: string) =>
    `${open}\x94${Array.from({ length: 64 }, (_, i) => `](${`h${String.fromCharCode(i)}`.repeat(9)}e\x94`).join('')}.`;

  it('billion laughs stay shared', () => {
    const { value, identities } = readPickle(latin1(doubled(']')));
    const [first, second] = value as unknown[];
    expect(first).toBe(second);
    expect(writePickle(value, dialect, identities).length).toBeLessThan(4000);
  });

  it.each([
    ['lists', `${']'.repeat(M)}${'a'.repeat(M - 1)}.`],
    ['tuples', `)${'\x85'.repeat(M)}.`],
    ['marks and tuples', `${'('.repeat(M)}${'t'.repeat(M)}.`],
    ['dicts', `${'}N'.repeat(M / 2)}}${'s'.repeat(M / 2)}.`],
    ['frozensets', `${'('.repeat(M)}${'\x91'.repeat(M)}.`],
    ['tuples around None', `N${`\x85`.repeat(1500)}.`],
    ['slices', `cbuiltins\nslice\n\x94${'h\0NN'.repeat(3000)}N${'\x87R'.repeat(3000)}.`],
    ['scalars', `${NUMPY}N${chain(`h\x06h\x05${ARRAY}(K\x01)h\x05\x89]`, 'atb\x86R')}.`],
    ['arrays', `${NUMPY}N${chain(`${ARRAY}(K\x01h\x04h\x05\x89]`, 'atb')}.`],
  ])('%s too deep are refused', (_, text) => {
    expect(refusalOf(text).code).toBe('NPY_PICKLE');
  });

  it('depth hidden behind shorter ways is found', () => {
    // Each list is first reached through a list near the end of the chain, so no single way is long when it is walked.
    let text = '](';
    for (let i = 0; i < 3000; i++) text += i === 0 ? `]\x94` : `]\x94j${le32(i - 1)}a`;
    text += 'e.';
    expect(refusalOf(text).code).toBe('NPY_PICKLE');
  });

  it.each([
    ['marks', `${'('.repeat(M)}.`],
    ['dups', `N${'2'.repeat(M)}.`],
    ['memoized Nones', `N${'\x94'.repeat(M)}.`],
    ['memos far apart', `N${Array.from({ length: 1e5 }, (_, i) => `r${le32(i * 40_000)}`).join('')}.`],
    ['pops', `${'N0'.repeat(M)}N.`],
    ['empty dicts', `${'}0'.repeat(M)}N.`],
    ['one str over and over', `](U\x01a\x94${'h\0'.repeat(M)}e.`],
  ])('many %s are taken or refused', (_, text) => void survives(latin1(text)));

  it.each([
    ['set', `cbuiltins\nset\n\x94](${'N'.repeat(1e5)}e\x85\x94`],
    ['frozenset', `cbuiltins\nfrozenset\n\x94](${'N'.repeat(1e5)}e\x85\x94`],
    ['bytearray', `cbuiltins\nbytearray\n\x94B\xa0\x86\x01\0${'x'.repeat(1e5)}\x85\x94`],
    ['bytes', `c_codecs\nencode\n\x94X\xa0\x86\x01\0${'x'.repeat(1e5)}U\x06latin1\x86\x94`],
    ['OrderedDict', `ccollections\nOrderedDict\n\x94](${'K\x01K\x02\x86'.repeat(2e4)}e\x85\x94`],
  ])('a %s copied from the same items over and over is refused', (_, start) => {
    const { code, message } = refusalOf(`${start}${'h\0h\x01R0'.repeat(1e4)}N.`);
    expect(code).toBe('NPY_PICKLE');
    expect(message).toContain('the same values too often');
  });

  it.each([
    [
      'the data of arrays',
      `${NUMPY}${LETTERS}](${`${ARRAY}(K\x01M\x50\xc3\x85cnumpy\ndtype\nU\x02S1\x85R\x89h\x07tb`.repeat(200)}e.`,
    ],
    ['the data of scalars', `${NUMPY}${LETTERS}](${'h\x06cnumpy\ndtype\nU\x06S50000\x85Rh\x07\x86R'.repeat(200)}e.`],
    ['the state of dates', `${NUMPY}${LETTERS}cdatetime\ndate\nh\x07\x85R.`],
    ['Decimals', `${NUMPY}${LETTERS.replaceAll('x', '1')}](${'cdecimal\nDecimal\nh\x07\x85R'.repeat(200)}e.`],
    ['the items of a StringDType', STRINGS],
    [
      'arrays of objects, of one list,',
      `${NUMPY}](${'N'.repeat(20_000)}e\x940](${`${ARRAY}(K\x01M\x20\x4e\x85h\x05\x89h\x07tb`.repeat(200)}e.`,
    ],
    ['a large int in a list', `${INT}\x940](${'h\0'.repeat(200)}e.`],
    ['a large int, doubled,', `](${INT}${'2'.repeat(200)}e.`],
    ['keys that hold a large int', `${INT}\x940}(${Array.from({ length: 200 }, (_, i) => `K${String.fromCharCode(i)}h\0\x86N`).join('')}u.`], // biome-ignore format: one line
    ['ranges to a large int', `cbuiltins\nrange\n\x940K\0${INT}K\x01\x87\x940](${'h\0h\x01R'.repeat(200)}e.`],
    ['Fractions of a large int', `cfractions\nFraction\n\x940${INT}K\x01\x86\x940](${'h\0h\x01R'.repeat(200)}e.`],
    ['sets of a large int', `cbuiltins\nset\n\x940](${INT}e\x85\x940](${'h\0h\x01R'.repeat(200)}e.`],
    [
      'dicts to a large int',
      `ccollections\nOrderedDict\n\x940](K\x01${INT}\x86e\x85\x940](${'h\0h\x01R'.repeat(200)}e.`,
    ],
  ])('%s made of the same over and over are refused', (_, text) => {
    const { code, message } = refusalOf(text);
    expect(code).toBe('NPY_PICKLE');
    expect(message).toMatch(/the same values too often|the arguments of datetime.date/);
  });

  it('one large int of each kind is read and written', () => {
    const held = `cbuiltins\nrange\nK\0${INT}K\x01\x87Rcbuiltins\nset\n](${INT}e\x85R`;
    const { value, identities } = readPickle(latin1(`](${held}${INT}e.`));
    expect(writePickle(value, dialect, identities).length).toBeGreaterThan(3 * 2 ** 17);
  });

  it('a value that is no number is not turned into one', () => {
    // String(value) would have 9^64 parts.
    const text = `${doubled(']').slice(0, -1)}cdatetime\ntimedelta\nh\x40K\0K\0\x87R.`;
    expect(refusalOf(text).message).toContain('expected the arguments of datetime.timedelta');
  });

  it.each([
    ['an int', `\x8b\x01\0\x02\0${'x'.repeat(2 ** 17 + 1)}.`],
    ['a str', Buffer.concat([latin1('X\x01\0\0\x10'), Buffer.alloc(2 ** 28 + 2, 0x2e)])],
    ['a line', Buffer.concat([latin1('V'), Buffer.alloc(2 ** 28 + 1, 0x2e), latin1('\n.')])],
  ])('%s larger than every runtime can hold is refused', (_, pickle) => {
    expect(refusalOf(pickle).code).toBe('NPY_LIMIT');
  });

  it('dtypes that hold each other twice are refused', () => {
    const field = (i: number) => `h${String.fromCharCode(i)}`;
    let text = `cnumpy\ndtype\n\x940${'cnumpy\ndtype\n(U\x02V0\x89\x88tR(K\x03U\x01|N)}K\0K\x01K\x10tb\x940'}`;
    for (let i = 1; i < 60; i++) {
      const fields = `}(U\x01a${field(i)}K\0\x86U\x01b${field(i)}K\0\x86u`;
      text += `cnumpy\ndtype\n(U\x02V0\x89\x88tR(K\x03U\x01|NU\x01aU\x01b\x86${fields}K\0K\x01K\x10tb\x940`;
    }
    const { code, message } = refusalOf(`${text}N.`);
    expect(code).toBe('NPY_PICKLE');
    expect(message).toContain('is too large');
  });
});

function le32(value: number): string {
  return String.fromCharCode(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
}
