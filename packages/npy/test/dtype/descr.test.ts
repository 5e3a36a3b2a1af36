// Descrs: every spelling is parsed, each dtype is written in NumPy's spelling, and invalid descrs are refused.
import { describe, expect, test } from 'vitest';
import { allocateStore, type Descr, decode, encode, readHeader } from '../../src/core.ts';
import { dtypeOfDescr } from '../../src/dtype/caller-descr.ts';
import { descrOf, reprDescr } from '../../src/dtype/descr.ts';
import { fileWithHeader, headerText, thrownBy } from '../support/npy-files.ts';

/** Each row has a descr as Python writes it, the same descr in JavaScript, and the size of an element in bytes. */
const descrs: readonly (readonly [python: string, descr: Descr, itemsize: number])[] = [
  ["'|S3'", '|S3', 3],
  ["'|S0'", '|S0', 0],
  ["'<U2'", '<U2', 8],
  ["'>U2'", '>U2', 8],
  ["'|V8'", '|V8', 8],
  ["'<M8'", '<M8', 8],
  ["'<M8[ns]'", '<M8[ns]', 8],
  ["'>m8[25s]'", '>m8[25s]', 8],
  ["'<f16'", '<f16', 16],
  ["'<c32'", '<c32', 32],
  ['[]', [], 0],
  ["[('x', '<f4')]", [['x', '<f4']], 4],
  ["[('x', '<f4', (2, 3))]", [['x', '<f4', [2, 3]]], 24],
  ["[('x', '<f4', (1,))]", [['x', '<f4', [1]]], 4],
  ["[(('the title', 'x'), '<f4'), ('y', '|b1')]", [[['the title', 'x'], '<f4'], ['y', '|b1']], 5], // biome-ignore format: one a line
  ["[('x', '|u1'), ('', '|V3'), ('y', '>i4'), ('', '|V4')]", [['x', '|u1'], ['', '|V3'], ['y', '>i4'], ['', '|V4']], 12], // biome-ignore format: one a line
  ["[('', '|V2'), ('y', '<i2')]", [['', '|V2'], ['y', '<i2']], 4], // biome-ignore format: one a line
  [
    "[('p', [('x', '<i2'), ('y', '<f4', (2,))])]",
    [
      [
        'p',
        [
          ['x', '<i2'],
          ['y', '<f4', [2]],
        ],
      ],
    ],
    10,
  ],
  ["[('a', ('<i4', (2,)), (3,))]", [['a', ['<i4', [2]], [3]]], 24],
  ["[('a', [])]", [['a', []]], 0],
  ["[('é', '<i4'), (\"it's\", '|S1')]", [['é', '<i4'], ["it's", '|S1']], 5], // biome-ignore format: one a line
];

describe.each(descrs)('%s', (python, descr, itemsize) => {
  test('is read from a header', () => {
    const header = readHeader(fileWithHeader(headerText({ descr: python }), 3));
    expect(header).toMatchObject({ descr, dataBytes: 2 * itemsize });
  });

  test('is written as NumPy writes it', () => {
    expect(reprDescr(descr)).toBe(python);
    expect(descrOf(dtypeOfDescr(descr))).toEqual(descr);
  });

  test('has a store whose files say so', () => {
    const file = encode({ data: allocateStore(descr, 3) }, { descr });
    expect(readHeader(file)).toMatchObject({ descr, shape: [3] });
    expect(file.length - (readHeader(file)?.dataOffset ?? 0)).toBe(3 * itemsize);
    expect(decode(file).data.length).toBe(3);
  });
});

test.each([
  ["'a3'", '|S3'],
  ["'c'", '|S1'],
  ["'<S3'", '|S3'],
  ["'U'", '<U0'],
  ["'str'", '<U0'],
  ["'S'", '|S0'],
  ["'<V2'", '<V2'],
  ["'>V2'", '|V2'],
  ["'=V2'", '|V2'],
  ["'g'", '<f16'],
  ["'M'", '<M8'],
  ["'datetime64[s]'", '<M8[s]'],
  ["'>timedelta64[2D]'", '>m8[2D]'],
  ["'M8[generic]'", '<M8'],
  ["'M08'", '<M8'],
  ["'>m 8'", '>m8'],
  ["'M8[ 25s]'", '<M8[25s]'],
  ["'M8[us/100]'", '<M8[10ns]'],
  ["'M8[Y/5]'", '<M8[73D]'],
  ["'M8[2Y/12]'", '<M8[2M]'],
  ["'M8[fs/10]'", '<M8[100as]'],
  ["'\\u004d8[\\u03bcs]'", '<M8[us]'],
  ["'S+3'", '|S3'],
  ["'i 4'", '<i4'],
  ["('<i4', ())", '<i4'],
  ["('S', 5)", '|S5'],
  ["('U', 2)", '<U2'],
  ['{}', []],
  ["['ai']", [['a', '<i4']]],
  ["[['x', '<f4']]", [['x', '<f4']]],
  ["[('x', '<f4', 2)]", [['x', '<f4', [2]]]],
  ["[('x', '<f4', ())]", [['x', '<f4']]],
  ["[('x', '<f4', [2, 3])]", [['x', '<f4', [2, 3]]]],
  ["[('x', 'S', 5)]", [['x', '|S5']]],
  ["[('x', '2f4')]", [['x', '<f4', [2]]]],
  ["[((None, 'x'), '<f4')]", [['x', '<f4']]],
  ["[('', '<i4')]", [['', '<i4']]],
  ["[('', '<i4', (2,)), ('y', '|i1')]", [['', '|V8'], ['y', '|i1']]], // biome-ignore format: one a line
  ["'i4,f4'", [['f0', '<i4'], ['f1', '<f4']]], // biome-ignore format: one a line
  ["'i4,'", [['f0', '<i4']]],
  ["'(2, 3) i4, >f8 '", [['f0', '<i4', [2, 3]], ['f1', '>f8']]], // biome-ignore format: one a line
  ["'2<i4,M8[s]'", [['f0', '<i4', [2]], ['f1', '<M8[s]']]], // biome-ignore format: one a line
])('%s is read as well', (python, descr) => {
  expect(readHeader(fileWithHeader(headerText({ descr: python, shape: '(0,)' }), 3))?.descr).toEqual(descr);
});

test.each([
  ...[
    "'M8[s'",
    "'M8s'",
    "'M8[]'",
    "'M8[B]'",
    "'M8[-3s]'",
    "'M8[s/0]'",
    "'M8[s/7]'",
    "'M8[as/10]'",
    "'M8[s/10]x'",
    "'M4'",
  ],
  ...["'M8[99999999999s]'", "'S-1'", "'S2147483648'", "'U536870912'", "'f12'", "'f1'", "'d8'", "'i0'", "'c1'"],
  ...[
    "'2i4'",
    "('<i4', (2,))",
    "('<i4',)",
    "('<i4', (2,), 1)",
    "'i4,,f4'",
    "' i4,f4'",
    "'i4;f4'",
    "'>2<i4'",
    "','",
    "'3'",
  ],
  ...["[('a', 'f1')]", "[('a',)]", '[()]', "[('a', 'i4', (1,), 2)]", "[('a', 5)]", "[(b'a', 'i4')]", "['aii']", '[5]'],
  ...["[('a', 'i4'), ('a', 'i4')]", "[(('a', 'a'), 'i4')]", "[(('t', 'a'), 'i4'), ('t', 'i4')]", "[((5, 'a'), 'i4')]"],
  ...[
    "[(['t', 'a'], 'i4')]",
    "[('a', 'i4', (-1,))]",
    "[('a', 'i4', (2.0,))]",
    "[('a', 'i4', True)]",
    "[('a', 'i4', None)]",
  ],
  ...[
    "[('a', 'S', (5,))]",
    "[('a', '|V2147483647'), ('b', 'i1')]",
    `[('a', 'i4', (${'2,'.repeat(40)}))]`,
    "('<i4', '<u4')",
  ],
])('%s is invalid', (python) => {
  expect(thrownBy(() => readHeader(fileWithHeader(headerText({ descr: python }))))).toMatchObject({
    code: 'NPY_DESCR',
    fault: 'data',
  });
});

describe('what a caller spells', () => {
  test.each([
    ...[[['a']], [['a', '<f4', 'x']], [['a', '<f4', [1.5]]], [['a', 5]], [[5, '<f4']], [[['t', 'a', 'b'], '<f4']]],
    ...[['<f4'], [null], [['a', '<f4'], 5], [['a', null]], 'struct', 5, {}, Symbol('s')],
  ])('%o is invalid', (descr) => {
    expect(thrownBy(() => allocateStore(descr as Descr, 1))).toMatchObject({ code: 'NPY_DESCR', fault: 'caller' });
  });

  test('a list inside itself is invalid', () => {
    const cyclic: unknown[] = [];
    cyclic.push(['a', cyclic]);
    expect(thrownBy(() => allocateStore(cyclic as never, 1))).toMatchObject({ code: 'NPY_DESCR', fault: 'caller' });
  });

  test('a descr is short in a message', () => {
    const fields = Array.from({ length: 500 }, (_, i) => [`field ${i}`, '<f4'] as const);
    const error = thrownBy(() =>
      decode(encode({ data: allocateStore(fields, 1) }), { dtype: 'int8', limits: { maxHeaderCharacters: 1e6 } }),
    );
    expect((error as Error).message.length).toBeLessThan(150);
  });
});
