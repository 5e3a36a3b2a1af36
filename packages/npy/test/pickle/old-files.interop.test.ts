// Pickles of Python 2 and of NumPy before 1.0 come from the data files in NumPy's wheels, and are made with the names and the
// states of dtypes that np.load still accepts. A real Python tells the meaning of each, or that it cannot read it either.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, encode, isNpyError } from '../../src/core.ts';
import { fromView, pickle } from '../../src/pickle/index.ts';
import { PickleSource } from '../../src/pickle/pickle.ts';
import { ObjectStore } from '../../src/stores/object-store.ts';
import { meaningOf } from './meaning.ts';
import { ObjectPeer, pythons } from './pickle-peer.ts';

const encodings = ['ascii', 'latin1', 'bytes'] as const;

/** Returns the meaning of an array. For an array of objects it takes the pickled value that was read, before it became an array. */
function meant(file: Uint8Array, encoding: (typeof encodings)[number]): unknown {
  const view = decode(file, { objects: pickle.with({ encoding }) });
  if (view.dtype !== 'object') return meaningOf(fromView(view));
  const { source } = (view.data as ObjectStore).source as { source: unknown };
  return meaningOf(source instanceof PickleSource ? source.array : source);
}

const latin1 = (text: string): Uint8Array => Buffer.from(text, 'latin1');
const INT8 = 'U\x02i1K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\0tb';
/** Returns a pickled array of objects that contains an array of int8, with the given names of functions and classes. */
const named = ({
  reconstruct = 'numpy.core.multiarray\n_reconstruct',
  cls = 'numpy\nndarray',
  dtype = 'numpy\ndtype',
  item = '',
  int8 = INT8,
}): Uint8Array =>
  latin1(
    `\x80\x02c${reconstruct}\nc${cls}\nK\0\x85U\x01b\x87R(K\x01K\x01\x85c${dtype}\nU\x02O8K\0K\x01\x87R(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89]` +
      `${item || `c${reconstruct}\nc${cls}\nK\0\x85U\x01b\x87R(K\x01K\x02\x85c${dtype}\n${int8}\x89U\x02abtb`}atb.`,
  );

const cores = ['numpy.core', 'numpy._core'];
const modules = cores.flatMap((core) => [
  core,
  ...['multiarray', '_multiarray_umath', 'umath', 'numeric', 'numerictypes', '_internal'].map(
    (name) => `${core}.${name}`,
  ),
  ...['records', 'defchararray', 'memmap'].map((name) => `${core}.${name}`),
]);
const others = [
  'numpy',
  'numpy.rec',
  'numpy.char',
  'numpy.matrixlib',
  'numpy.matrixlib.defmatrix',
  'numpy.multiarray',
  'Numeric',
];
const everywhere = [...modules, ...others];

const scalar = (module: string, int8 = INT8): Uint8Array =>
  named({ item: `c${module}\nscalar\ncnumpy\ndtype\n${int8}U\x01a\x86R` });

/** States of dtypes as earlier versions of NumPy pickled them. */
const states: readonly [string, string][] = [
  ['five parts, of version 0', "U\x02i2K\0K\x01\x87R(U\x01<NNJ\xff\xff\xff\xffJ\xff\xff\xff\xfftb"],
  ['six parts, of version 1', "U\x02i2K\0K\x01\x87R(K\x01U\x01<NNJ\xff\xff\xff\xffJ\xff\xff\xff\xfftb"],
  ['seven parts, of version 2', "U\x02i2K\0K\x01\x87R(K\x02U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xfftb"],
  ['names among the fields, of version 1', `U\x02V2K\0K\x01\x87R(K\x01U\x01|N}(U\x01acnumpy\ndtype\n${INT8}K\0\x86U\x01bcnumpy\ndtype\n${INT8}K\x01\x86J\xff\xff\xff\xff](U\x01aU\x01beuK\x02K\x01tb`],
  ['names of version 3', `U\x02V2K\0K\x01\x87R(K\x03U\x01|NU\x01aU\x01b\x86}(U\x01acnumpy\ndtype\n${INT8}K\0\x86U\x01bcnumpy\ndtype\n${INT8}K\x01\x86uK\x02K\x01K\x10tb`],
]; // biome-ignore format: a table

for (const { label, python } of pythons) {
  describe.skipIf(!python)(`old files, against ${label}`, () => {
    let peer: ObjectPeer;
    beforeAll(() => {
      peer = new ObjectPeer(python ?? '');
    });
    afterAll(() => peer.stop());

    it("NumPy's own data files are read as np.load reads them, in every encoding, and refused where it refuses them", async () => {
      const files = await peer.data();
      expect(files.length).toBeGreaterThan(5);
      expect(files.map(({ name }) => name)).toEqual(expect.arrayContaining(['py2-objarr.npy', 'win64python2.npy']));
      for (const { name, file, values } of files) {
        for (const encoding of encodings) {
          const expected = values[encoding];
          if (typeof expected !== 'string') expect(meant(file, encoding), `${name}, ${encoding}`).toEqual(expected);
          else {
            expect(expected, name).toMatch(/^Unicode(Decode)?Error/);
            expect(() => meant(file, encoding), name).toThrow(/pickle\.with\(\{ encoding: 'latin1' \}\)/);
          }
        }
      }
    });

    it.each([
      ['_reconstruct', everywhere.map((module) => named({ reconstruct: `${module}\n_reconstruct` }))],
      ['ndarray', everywhere.map((module) => named({ cls: `${module}\nndarray` }))],
      ['dtype', everywhere.map((module) => named({ dtype: `${module}\ndtype` }))],
      ['scalar', everywhere.map((module) => scalar(module))],
      ...['recarray', 'memmap', 'matrix', 'chararray'].map((cls): [string, Uint8Array[]] => [
        cls,
        everywhere.map(
          (module) =>
          named({ item: `cnumpy.core.multiarray\n_reconstruct\nc${module}\n${cls}\nK\0\x85U\x01b\x87R(K\x01K\x01K\x02\x86cnumpy\ndtype\n${cls === 'chararray' ? 'U\x02S1K\0K\x01\x87R(K\x03U\x01|NNNK\x01K\x01K\0tb' : INT8}\x89U\x02abtb` }), // biome-ignore format: one line
        ),
      ]),
      ['states of dtypes with two bytes', states.map(([, int8]) => named({ item: `cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\n${int8}U\x02ab\x86R` }))], // biome-ignore format: one line
    ])('%s: wherever np.load finds it', async (_, bodies) => {
      let read = 0;
      for (const [i, value] of (await peer.load(bodies)).entries()) {
        if (typeof value === 'string') continue;
        read++;
        const body = bodies[i] ?? new Uint8Array(0);
        const where = Buffer.from(body).toString('latin1');
        const { array } = pickle.decode(body).source;
        expect(meaningOf(array), where).toEqual(value);
        // The array must also have the same meaning after it was encoded again.
        expect(meaningOf(pickle.decode(pickle.encode(pickle.decode(body))).source.array), where).toEqual(value);
      }
      expect(read).toBeGreaterThan(2);
    });
  });
}

describe('strs of Python 2', () => {
  const file = (body: Uint8Array): Uint8Array => {
    const [header] = [encode({ data: new ObjectStore([0]) }, { objects: pickle }).subarray(0, 128)];
    return Buffer.concat([header, body]);
  };

  it('are ASCII unless an encoding is asked for, and the error says which options there are', () => {
    const body = named({ item: 'U\x03caf' }).slice();
    expect(pickle.decode(body).items).toEqual(['caf']);
    const odd = named({ item: 'U\x04caf\xe9' });
    for (const codec of [pickle, pickle.with({ encoding: 'ascii' })]) {
      try {
        codec.decode(odd);
        expect.unreachable();
      } catch (error) {
        expect(isNpyError(error, 'NPY_PICKLE')).toBe(true);
        expect(error).toMatchObject({ fault: 'data', message: expect.stringContaining("encoding: 'bytes'") });
      }
    }
    expect(pickle.with({ encoding: 'latin1' }).decode(odd).items).toEqual(['café']);
    expect(pickle.with({ encoding: 'bytes' }).decode(odd).items).toEqual([latin1('caf\xe9').slice()].map((b) => Uint8Array.from(b))); // biome-ignore format: one line
    expect(decode(file(odd), { objects: pickle.with({ encoding: 'latin1' }) }).data).toMatchObject({ raw: ['café'] });
  });
});
