// Compares this checkout's @bridge/npy with another checkout's: both read and write files and arrays in memory.
import type { ArrayInput } from '@bridge/npy';
import type { Comparison, Contestant } from '../comparison.ts';
import { inProcess } from '../contestant.ts';
import { fileOf, floats, SIZES } from '../npy/files.ts';
import { type Entries, ROOT, type Tree, treeAt } from '../tree.ts';
import { AS_FAST } from './target.ts';

type Npy = Entries['@bridge/npy'];
type Core = Entries['@bridge/npy/core'];
/** Makes an operation from an entry's functions. Both sides share its data. */
type Operation<Entry> = (entry: Entry) => () => number;

const SMALL = SIZES['1 KB'];
const MILLION = SIZES['1 MB'];

const core: Readonly<Record<string, () => Operation<Core>>> = {
  'readHeader 1 KB': () => {
    const file = fileOf({ data: floats(SMALL) });
    return ({ readHeader }) =>
      () =>
        readHeader(file)?.dataOffset ?? 0;
  },
  'decode 1 KB': () => decodeCore(SMALL),
  'decode 1 MB': () => decodeCore(MILLION),
  'encode 1 KB': () => encodeCore(SMALL),
  'encode 1 MB': () => encodeCore(MILLION),
  'encodeParts 1 KB': () => {
    const data = floats(SMALL);
    return ({ encodeParts }) =>
      () =>
        encodeParts({ data })[0].length;
  },
  'encode 1 MB of Fortran order': () => {
    const data = floats(MILLION);
    return ({ encode }) =>
      () =>
        encode({ data, shape: [512, 512], stride: [1, 512] }, { fortranOrder: false }).length;
  },
};

const ndarray: Readonly<Record<string, () => Operation<Npy>>> = {
  'decode 1 KB to an ndarray': () => {
    const file = fileOf({ data: floats(SMALL) });
    return ({ decode }) =>
      () =>
        decode(file).data.length;
  },
  'encode an ndarray of 1 KB': () => {
    const file = fileOf({ data: floats(SMALL) });
    return ({ decode, encode }) => {
      const array = decode(file);
      return () => encode(array).length;
    };
  },
  'encode nested lists of 1000 numbers': () => {
    const lists = Array.from({ length: 100 }, (_, row) => Array.from({ length: 10 }, (_, column) => row * column));
    return ({ encode }) =>
      () =>
        encode(lists).length;
  },
  'toNested of 1000 numbers': () => {
    const file = fileOf({ data: new Float64Array(1000), shape: [100, 10] });
    return ({ decode, toNested }) => {
      const array = decode(file);
      return () => (toNested(array) as unknown[]).length;
    };
  },
};

export function npyBefore(before: Tree): Comparison[] {
  const rows = <Entry extends '@bridge/npy' | '@bridge/npy/core'>(
    entry: Entry,
    operations: Readonly<Record<string, () => Operation<Entries[Entry]>>>,
  ): Comparison[] =>
    Object.entries(operations).map(([what, make]) => ({
      name: `before: ${what}`,
      target: AS_FAST,
      async prepare() {
        const operation = make();
        const contestant = async (name: string, tree: Tree): Promise<Contestant> =>
          inProcess(name, operation(await tree.load(entry)));
        return { ours: await contestant('now', treeAt(ROOT)), theirs: [await contestant('before', before)] };
      },
    }));
  return [...rows('@bridge/npy/core', core), ...rows('@bridge/npy', ndarray), ...pickled(before)];
}

function decodeCore(bytes: number): Operation<Core> {
  const file = fileOf({ data: floats(bytes) });
  const last = bytes / 4 - 1;
  return ({ decode }) =>
    () =>
      decode(file, { dtype: 'float32' }).data[last] ?? 0;
}

function encodeCore(bytes: number): Operation<Core> {
  const data = floats(bytes);
  return ({ encode }) =>
    () =>
      encode({ data })[bytes] ?? 0;
}

/** 2000 dictionaries, which share their keys as Python's literals do. */
function pickled(before: Tree): Comparison[] {
  const rows = Array.from(
    { length: 2000 },
    (_, i) =>
      new Map<string, unknown>([
        ['name', `row ${i}`],
        ['value', i / 7],
        ['ok', true],
      ]),
  );
  const contestant = async (name: string, tree: Tree, what: 'decode' | 'encode'): Promise<Contestant> => {
    const { array, decode, encode } = await tree.load('@bridge/npy');
    const { pickle } = await tree.load('@bridge/npy/pickle');
    // The types of nested lists do not include Python's dictionaries.
    const objects = array(rows as unknown[] as ArrayInput, { dtype: 'object' });
    const file = encode(objects, { objects: pickle });
    return inProcess(
      name,
      what === 'encode'
        ? () => encode(objects, { objects: pickle }).length
        : () => decode(file, { objects: pickle }).data.length,
    );
  };
  return (['decode', 'encode'] as const).map((what) => ({
    name: `before: ${what} 2000 pickled dictionaries`,
    target: AS_FAST,
    prepare: async () => ({
      ours: await contestant('now', treeAt(ROOT), what),
      theirs: [await contestant('before', before, what)],
    }),
  }));
}
