// readHeader reads valid headers, and throws each of its errors for invalid ones.
import { describe, expect, test } from 'vitest';
import { isNpyError, type Limits, type NpyErrorCode, readHeader } from '../../src/core.ts';
import { fileWithHeader, headerText, thrownBy } from '../support/npy-files.ts';

const file = fileWithHeader(headerText({ descr: "'<f4'", shape: '(2, 3)' }));

describe('a header', () => {
  test('says what follows', () => {
    expect(readHeader(file)).toEqual({
      dtype: 'float32',
      descr: '<f4',
      shape: [2, 3],
      fortranOrder: false,
      version: [1, 0],
      dataOffset: file.length,
      dataBytes: 24,
    });
  });

  test.each([1, 2, 3] as const)('is read in version %i.0', (major) => {
    const text = headerText({ order: 'True' });
    const bytes = fileWithHeader(text, major);
    expect(readHeader(bytes)).toMatchObject({ version: [major, 0], fortranOrder: true, dataOffset: bytes.length });
  });

  test('needs no data, no padding and no alignment, and does not mind a tail', () => {
    expect(readHeader(Uint8Array.from([...file, 1, 2, 3]))).toEqual(readHeader(file));
  });

  test('is undefined at every length before its last byte', () => {
    for (let length = 0; length < file.length; length++) expect(readHeader(file.subarray(0, length))).toBeUndefined();
  });

  test('is read from a view in the middle of other memory, from a Buffer, from a buffer, from shared memory', () => {
    const memory = new Uint8Array(file.length + 20);
    memory.set(file, 7);
    expect(readHeader(memory.subarray(7, 7 + file.length))).toEqual(readHeader(file));
    expect(readHeader(Buffer.from(file))).toEqual(readHeader(file));
    expect(readHeader(Uint8Array.from(file).buffer)).toEqual(readHeader(file));
    for (const major of [1, 3] as const) {
      const shared = new Uint8Array(new SharedArrayBuffer(200));
      shared.set(fileWithHeader(headerText(), major));
      expect(readHeader(shared)?.dtype).toBe('int32');
    }
  });

  test('takes the Python 2 suffix in 1.0 and 2.0 only', () => {
    const text = headerText({ shape: '(2L, 3L)' });
    expect(readHeader(fileWithHeader(text, 1))?.shape).toEqual([2, 3]);
    expect(readHeader(fileWithHeader(text, 2))?.shape).toEqual([2, 3]);
    expect(() => readHeader(fileWithHeader(text, 3))).toThrowError(expect.objectContaining({ code: 'NPY_HEADER' }));
  });

  test('is plain data: what is returned shares nothing with the bytes', () => {
    const bytes = Uint8Array.from(file);
    const header = readHeader(bytes);
    bytes.fill(0);
    expect(header?.shape).toEqual([2, 3]);
  });
});

type Refusal = readonly [
  what: string,
  bytes: Uint8Array,
  code: NpyErrorCode,
  message: string | RegExp,
  detail?: Record<string, unknown>,
];

const withText = (text: string, major: 1 | 2 | 3 = 1): Uint8Array => fileWithHeader(text, major);
const withVersion = (major: number, minor: number): Uint8Array => {
  const bytes = Uint8Array.from(file);
  bytes.set([major, minor], 6);
  return bytes;
};
const keysWanted = "npy header: expected the keys 'descr', 'fortran_order' and 'shape', no other";

const refusals: Refusal[] = [
  [
    'another magic',
    Uint8Array.from([0x50, 0x4b, 3, 4]),
    'NPY_NOT_NPY',
    'npy: expected the magic 93 4e 55 4d 50 59, found 50 4b 03 04',
    { found: '50 4b 03 04' },
  ],
  ['a wrong first byte, alone', Uint8Array.from([0x92]), 'NPY_NOT_NPY', /found 92$/],
  ['a wrong sixth byte', Uint8Array.from([...file.subarray(0, 5), 0x5a]), 'NPY_NOT_NPY', /found 93 4e 55 4d 50 5a$/],
  ...(
    [
      [0, 0],
      [0, 1],
      [1, 1],
      [2, 1],
      [3, 1],
      [4, 0],
      [255, 255],
    ] as const
  ).map(
    ([major, minor]): Refusal => [
      `version ${major}.${minor}`,
      withVersion(major, minor),
      'NPY_VERSION',
      `npy: version ${major}.${minor} is not 1.0, 2.0 or 3.0`,
      { major, minor },
    ],
  ),
  [
    'a bad major version, before the minor one is there',
    withVersion(9, 0).subarray(0, 7),
    'NPY_VERSION',
    /version 9\.\?/,
  ],
  ['no dictionary', withText('(1, 2)'), 'NPY_HEADER', 'npy header: expected a dictionary'],
  ['None', withText('None'), 'NPY_HEADER', 'npy header: expected a dictionary'],
  ['an empty text', withText(''), 'NPY_HEADER', 'npy header: expected a literal at character 0, found the end'],
  ['a missing key', withText("{'descr': '<i4', 'shape': ()}"), 'NPY_HEADER', keysWanted, { keys: ['descr', 'shape'] }],
  [
    'one key too many',
    withText("{'descr': '<i4', 'fortran_order': False, 'shape': (), 3: 1}"),
    'NPY_HEADER',
    keysWanted,
    { keys: ['descr', 'fortran_order', 'shape', 'bigint'] },
  ],
  [
    'an order of 0',
    withText(headerText({ order: '0' })),
    'NPY_HEADER',
    'npy header: fortran_order must be True or False',
  ],
  ['a list as shape', withText(headerText({ shape: '[2]' })), 'NPY_HEADER', 'npy header: shape must be a tuple'],
  ['an integer as shape', withText(headerText({ shape: '(2)' })), 'NPY_HEADER', 'npy header: shape must be a tuple'],
  ['a bool as dimension', withText(headerText({ shape: '(True,)' })), 'NPY_HEADER', /a dimension must be an integer$/],
  ['a float as dimension', withText(headerText({ shape: '(2.0,)' })), 'NPY_HEADER', /a dimension must be an integer$/],
  [
    'invalid UTF-8',
    Uint8Array.from([...file.subarray(0, 6), 3, 0, 2, 0, 0, 0, 0xc3, 0x28]),
    'NPY_HEADER',
    /must be UTF-8$/,
  ],
  ['NUL', withText(`${headerText()}\0`), 'NPY_HEADER', /a text without NUL/],
  [
    'an unclosed bracket',
    withText("{'descr': ("),
    'NPY_HEADER',
    'npy header: expected a literal at character 11, found the end',
    { expected: 'a literal', found: 'the end', at: 11 },
  ],
  ['nonsense behind the literal', withText(`${headerText()} x`), 'NPY_HEADER', /expected one literal and no more/],
  [
    'a negative dimension',
    withText(headerText({ shape: '(-1,)' })),
    'NPY_SHAPE',
    'npy: a dimension of -1 is not between 0 and 2^53 - 1',
    { dimension: -1n },
  ],
  [
    'a dimension past 2^53',
    withText(headerText({ shape: `(${2n ** 53n},)` })),
    'NPY_SHAPE',
    'npy: a dimension of 9007199254740992 is not between 0 and 2^53 - 1',
    { dimension: 2n ** 53n },
  ],
  [
    'a dimension of 4000 digits',
    withText(headerText({ shape: `(${'9'.repeat(4000)},)` })),
    'NPY_SHAPE',
    /dimension of about Infinity is/,
  ],
  [
    '65 dimensions',
    withText(headerText({ shape: `(${'1,'.repeat(65)})` })),
    'NPY_SHAPE',
    'npy: 65 dimensions are more than 64',
  ],
  ['a size past 2^63', withText(headerText({ shape: '(4294967296, 4294967296)' })), 'NPY_SHAPE', /overflows$/],
  ['an empty shape past 2^63', withText(headerText({ shape: `(0, ${2 ** 52}, 4096)` })), 'NPY_SHAPE', /overflows$/],
  [
    'an unknown dtype',
    withText(headerText({ descr: "'<f3'" })),
    'NPY_DESCR',
    'npy: descr "<f3" is not a known dtype',
    { descr: '<f3' },
  ],
  [
    'None as dtype',
    withText(headerText({ descr: 'None' })),
    'NPY_DESCR',
    'npy: descr None is not a known dtype',
    { descr: null },
  ],
  ['an integer as dtype', withText(headerText({ descr: '4' })), 'NPY_DESCR', 'npy: descr 4 is not a known dtype'],
  ['bytes as dtype', withText(headerText({ descr: "b'<i4'" })), 'NPY_DESCR', /of several parts is not/],
];

describe('refused:', () => {
  test.each(refusals.map((refusal) => [refusal[0], refusal] as const))('%s', (_, [, bytes, code, message, detail]) => {
    const error = thrownBy(() => readHeader(bytes));
    expect(isNpyError(error, code), String(error)).toBe(true);
    expect(error).toMatchObject({ name: 'NpyError', code, fault: 'data' });
    if (typeof message === 'string') expect((error as Error).message).toBe(message);
    else expect((error as Error).message).toMatch(message);
    if (detail) expect((error as { detail: unknown }).detail).toEqual(detail);
  });

  test('keeps the cause where there is one', () => {
    const bad = Uint8Array.from([...file.subarray(0, 6), 3, 0, 1, 0, 0, 0, 0xff]);
    expect(thrownBy(() => readHeader(bad))).toMatchObject({ cause: expect.any(TypeError) });
  });
});

describe('limits', () => {
  const ofLength = (characters: number): Uint8Array => withText(headerText().padEnd(characters));

  test('10 000 characters of header are taken, 10 001 are not', () => {
    expect(readHeader(ofLength(10_000))?.dtype).toBe('int32');
    expect(thrownBy(() => readHeader(ofLength(10_001)))).toMatchObject({
      code: 'NPY_LIMIT',
      message: 'npy header: 10001 characters are more than the limit of 10000, limits.maxHeaderCharacters',
      detail: { characters: 10_001, maxHeaderCharacters: 10_000 },
    });
    expect(readHeader(ofLength(65_535), { maxHeaderCharacters: 65_535 })?.dtype).toBe('int32');
    expect(readHeader(ofLength(65_535), { maxHeaderCharacters: Infinity })?.dtype).toBe('int32');
  });

  test('a 3.0 header is counted in characters, not in bytes', () => {
    const comment = (n: number): Uint8Array => withText(`${headerText()}#${'\u{1f600}'.repeat(n)}`, 3);
    const rest = headerText().length + 1;
    expect(readHeader(comment(10_000 - rest))?.dtype).toBe('int32');
    expect(thrownBy(() => readHeader(comment(10_001 - rest)))).toMatchObject({ code: 'NPY_LIMIT' });
  });

  test('a header that is too long is refused before it is there', () => {
    const claim = Uint8Array.from([...file.subarray(0, 6), 2, 0, 0xff, 0xff, 0xff, 0xff]);
    expect(thrownBy(() => readHeader(claim))).toMatchObject({ code: 'NPY_LIMIT', detail: { characters: 2 ** 32 - 1 } });
  });

  test('elements and bytes are inclusive', () => {
    expect(readHeader(file, { maxElements: 6, maxBytes: 24 })?.dataBytes).toBe(24);
    expect(thrownBy(() => readHeader(file, { maxElements: 5 }))).toMatchObject({
      code: 'NPY_LIMIT',
      message: 'npy: 6 elements are more than the limit of 5, limits.maxElements',
      detail: { elements: 6, maxElements: 5 },
    });
    expect(thrownBy(() => readHeader(file, { maxBytes: 23 }))).toMatchObject({
      code: 'NPY_LIMIT',
      message: 'npy: 24 bytes are more than the limit of 23, limits.maxBytes',
      detail: { bytes: 24, maxBytes: 23 },
    });
  });

  test('limits of 0 let an empty array through', () => {
    const empty = withText(headerText({ shape: '(0, 5)' }));
    expect(readHeader(empty, { maxElements: 0, maxBytes: 0 })?.dataBytes).toBe(0);
    expect(thrownBy(() => readHeader(empty, { maxHeaderCharacters: 0 }))).toMatchObject({ code: 'NPY_LIMIT' });
  });

  test('a shape of 2^53 bytes and more is the default limit', () => {
    const huge = withText(headerText({ descr: "'<f8'", shape: `(${2 ** 52},)` }));
    expect(thrownBy(() => readHeader(huge))).toMatchObject({ code: 'NPY_LIMIT' });
  });

  test.each([NaN, -1, '5', null, 5n, {}])('a limit of %s is the caller’s mistake', (bound) => {
    for (const key of ['maxHeaderCharacters', 'maxElements', 'maxBytes']) {
      const limits = { [key]: bound } as Partial<Limits>;
      expect(thrownBy(() => readHeader(file, limits))).toMatchObject({
        code: 'NPY_LIMIT',
        fault: 'caller',
        detail: { name: key, value: bound },
      });
    }
  });

  test('an undefined limit is the default, not none', () => {
    const limits = { maxHeaderCharacters: undefined } as unknown as Partial<Limits>;
    expect(thrownBy(() => readHeader(ofLength(10_001), limits))).toMatchObject({ code: 'NPY_LIMIT' });
  });
});
