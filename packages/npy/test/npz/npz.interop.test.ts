// Archives are compared with a real NumPy: encodeNpz writes the bytes of np.savez, np.load reads both forms that encodeNpz writes,
// and decodeNpz reads the archives of np.savez and of zipfile.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../../src/core.ts';
import { array, toNested } from '../../src/index.ts';
import { writeEnd } from '../../src/npz/archive-end.ts';
import { writeEntry } from '../../src/npz/central-directory.ts';
import { decodeNpz, encodeNpz, readNpzHeaders } from '../../src/npz/index.ts';
import { encodeName } from '../../src/npz/member-name.ts';
import { fromHex, PythonPipe, pythons, toHex } from '../numpy/python-pipe.ts';
import { expectSameBytes } from '../support/same-bytes.ts';

const floats = array(
  [
    [1, 2, 3],
    [4, 5, 6],
  ],
  { dtype: 'float32' },
);
const bytes = { data: Uint8Array.from({ length: 300 }, (_, i) => i), shape: [10, 30] };

/** The same arrays as a Python expression and as views. */
const CASES: readonly (readonly [what: string, source: string, arrays: Parameters<typeof encodeNpz>[0]])[] = [
  ['none', '{}', {}],
  ['one', "{'frame': np.arange(300, dtype='u1').reshape(10, 30)}", { frame: bytes }],
  [
    'several of several dtypes',
    "{'a': np.array([[1, 2, 3], [4, 5, 6]], 'f4'), 'b': np.arange(3), 'c': np.array(['ab', 'c'])}",
    { a: floats, b: { data: BigInt64Array.of(0n, 1n, 2n) }, c: array(['ab', 'c'], { dtype: 'str' }) },
  ],
  ['in Fortran order', "{'f': np.array([[1, 2, 3], [4, 5, 6]], 'f4').T}", { f: floats.transpose(1, 0) }],
  ['of strides', "{'s': np.array([[1, 2, 3], [4, 5, 6]], 'f4')[:, ::2]}", { s: floats.step(1, 2) }],
  [
    'empty, and without axes',
    "{'e': np.zeros((0, 3)), 'z': np.array(1.5)}",
    { e: { data: new Float64Array(0), shape: [0, 3] }, z: { data: Float64Array.of(1.5), shape: [] } },
  ],
  [
    'names of all kinds',
    "{k: np.zeros(1, 'u1') for k in ['é', '漢字', '😀', '../../x', '/etc/x', 'a b', 'x.npy', '', 'arr_0', '__proto__', 'constructor', 'a/', '\\\\']}",
    new Map(
      ['é', '漢字', '😀', '../../x', '/etc/x', 'a b', 'x.npy', '', 'arr_0', '__proto__', 'constructor', 'a/', '\\'].map(
        (name) => [name, { data: new Uint8Array(1) }] as const,
      ),
    ),
  ],
  [
    'many',
    "{f'array {i}': np.full(i % 7, i, 'u2') for i in range(2000)}",
    Object.fromEntries(
      Array.from({ length: 2000 }, (_, i) => [`array ${i}`, { data: new Uint16Array(i % 7).fill(i) }] as const),
    ),
  ],
  [
    'large',
    "{'l': np.zeros((480, 640, 3), 'u1')}",
    { l: { data: new Uint8Array(480 * 640 * 3), shape: [480, 640, 3] } },
  ],
];

for (const [label, python] of pythons) {
  describe.skipIf(!python)(`archives of ${label}`, () => {
    let pipe: PythonPipe;
    beforeAll(() => {
      pipe = new PythonPipe(python ?? '', new URL('./peer.py', import.meta.url));
    });
    afterAll(() => pipe.stop());

    const savez = async (source: string, more: object = {}): Promise<Uint8Array> =>
      fromHex((await pipe.ask({ op: 'savez', source, ...more }))['file']);

    it.each(CASES)('%s: the bytes of np.savez, in its own form', async (_, source, arrays) => {
      const [major = 0, minor = 0, micro = 0] = (await pipe.ask({ op: 'version' }))['python'] as number[];
      // Python 3.11.4 corrected the header that it writes in front of each member.
      expect(major * 1e4 + minor * 100 + micro).toBeGreaterThanOrEqual(31_104);
      expectSameBytes(encodeNpz(arrays), await savez(source));
    });

    it.each(CASES)('%s: read as np.load reads it, in both forms and from a stream', async (_, source, arrays) => {
      const names = arrays instanceof Map ? [...arrays.keys()] : Object.keys(arrays);
      const files = [
        await savez(source),
        await savez(source, { streamed: true }),
        encodeNpz(arrays, { form: 'plain' }),
      ];
      for (const file of files) {
        const { arrays: loaded } = await pipe.ask({ op: 'load', file: toHex(file) });
        expect((await pipe.ask({ op: 'test', file: toHex(file) }))['bad']).toBeNull();
        const decoded = decodeNpz(file);
        const headers = readNpzHeaders(file);
        expect(Object.keys(decoded)).toEqual(names);
        expect(Object.keys(headers)).toEqual(names);
        for (const [name, descr, shape, elements] of loaded as [string, string, number[], string][]) {
          const view = decoded[name];
          if (!view) throw new Error(`${name} is missing`);
          expect(view.shape).toEqual(shape);
          expect([headers[name]?.descr, headers[name]?.shape]).toEqual([descr, shape]);
          const data = encode(view, { fortranOrder: false }).subarray(
            -fromHex(elements).length || Number.POSITIVE_INFINITY,
          );
          expectSameBytes(data, fromHex(elements));
        }
      }
    });

    it.each([
      ['of 3 GiB', [['a', 3 * 2 ** 30, 0]], 3 * 2 ** 30 + 100],
      ['of 5 GiB behind 6', [['é', 5 * 2 ** 30, 6 * 2 ** 30]], 12 * 2 ** 30],
      [
        'small, behind 2 GiB',
        [
          ['a', 2 ** 31 - 1, 0],
          ['b', 7, 2 ** 31],
        ],
        2 ** 31 + 50,
      ],
      ['up to the limit', [['a', 2 ** 31 - 1, 2 ** 31 - 1]], 2 ** 31 - 1],
      ['65 536 of them', Array.from({ length: 65_536 }, (_, i) => [`${i}`, 1, i] as const), 70_000],
    ] as const)('the directory of members %s', async (_, members, start) => {
      const written = members.map(([name, size, offset]) => ({
        name: encodeName(name),
        crc: 12_345,
        bytes: size,
        offset,
      }));
      const entries = written.map((member) => writeEntry(member, 'savez'));
      const ours = Buffer.concat([...entries, writeEnd(entries.length, Buffer.concat(entries).length, start, 'savez')]);
      const request = members.map(([name, size, offset]) => [`${name}.npy`, 12_345, size, offset]);
      expectSameBytes(ours, fromHex((await pipe.ask({ op: 'directory', members: request, start }))['bytes']));
    });

    it.each([0, 5, 200, 1000])('numbers past %i in 64 bits', async (limit) => {
      const file = await savez("{'a': np.arange(300, dtype='u1'), 'b': np.zeros(2)}", { limit });
      for (const around of [file, Buffer.concat([Buffer.alloc(77), file])]) {
        const { a, b } = decodeNpz(around);
        expect([a?.shape, b?.shape]).toEqual([[300], [2]]);
      }
    });

    it('a compressed archive is refused by the name of the member and the method', async () => {
      const file = await savez("{'a': np.zeros(100)}", { compressed: true });
      expect(() => decodeNpz(file)).toThrow(
        'npz: member "a.npy" is compressed by deflate, as np.savez_compressed writes (method 8): save the archive with np.savez, which does not compress',
      );
    });

    it('comments, bytes in front and behind, and names that are there twice', async () => {
      const one = toHex(encode(array([1])));
      const two = toHex(encode(array([2])));
      const members = [
        ['a.npy', one, 0, 'a comment'],
        ['b.npy', one, 0, ''],
        ['a.npy', two, 0, ''],
        ['b', two, 0, ''],
        ['é.npy', one, 0, ''],
      ];
      for (const more of [
        {},
        { comment: 'some words PK\u0005\u0006 and more of them, so that a record fits' },
        { streamed: true },
      ]) {
        const file = fromHex((await pipe.ask({ op: 'zip', members, ...more }))['file']);
        for (const around of [
          file,
          Buffer.concat([Buffer.from('a stub'), file]),
          Buffer.concat([file, Buffer.from('behind')]),
        ]) {
          const decoded = decodeNpz(around);
          expect(Object.entries(decoded).map(([name, view]) => [name, toNested(view)])).toEqual([
            ['a', [2]],
            ['b', [2]],
            ['é', [1]],
          ]);
        }
      }
      const file = toHex(fromHex((await pipe.ask({ op: 'zip', members }))['file']));
      const { arrays } = await pipe.ask({ op: 'load', file });
      const byName = new Map((arrays as [string, string, number[], string][]).map(([name, , , data]) => [name, data]));
      expect(byName.get('a')).toBe(byName.get('b'));
    });
  });
}
