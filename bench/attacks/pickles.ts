// Pickles and headers of few bytes demand much time or memory: keys with one hash, shared texts, empty lists, axes in fields.
import { unhashed } from '../../packages/npy/test/support/v8-number-hash.ts';
import type { Attack, Tree } from './attack.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const FRONT = latin1(
  '\x80\x04cnumpy._core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85C\x01b\x87R(K\x01K\x01\x85cnumpy\ndtype\nU\x02O8\x89\x88\x87R' +
    '(K\x03U\x01|NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?tb\x89](',
);
const BACK = latin1('etb.');
const NONE = latin1('N');

/** Returns the file of an array of one object. */
const holding = (...parts: Uint8Array[]): Buffer => Buffer.concat([FRONT, ...parts, BACK]);
const dictOf = (keys: readonly Uint8Array[]): Buffer =>
  holding(latin1('}('), Buffer.concat(keys.flatMap((key) => [key, NONE])), latin1('u'));

function bigint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let left = value; left > 0n; left >>= 8n) bytes.push(Number(left & 0xffn));
  return Buffer.from([0x8a, bytes.length + 1, ...bytes, 0]);
}

function double(bits: bigint): Buffer {
  const bytes = Buffer.alloc(9, 'G');
  bytes.writeBigUInt64BE(bits, 1);
  return bytes;
}

const MASK = (1n << 64n) - 1n;
/** Returns these bits if they are those of a finite double, and undefined otherwise. */
const number = (bits: bigint): bigint | undefined => (((bits >> 52n) & 0x7ffn) === 0x7ffn ? undefined : bits);

/** Keys with one hash, and other keys of the same size. */
const kinds = {
  bigints: {
    bytes: 12,
    alike: (i: number) => bigint(BigInt(i + 1) << 64n),
    spread: (i: number) => bigint(((BigInt(i + 1) * 0x9e37_79b9_7f4a_7c15n) & MASK) | (1n << 65n)),
  },
  doubles: {
    bytes: 10,
    alike: (i: number) =>
      double(number(unhashed((BigInt(i) << 30n) | 5n)) ?? unhashed((BigInt(i + 2 ** 32) << 30n) | 5n)),
    spread: (i: number) => double((BigInt(i + 1) * 0x9e37_79b9_7f4a_7c15n) & MASK & ~(1n << 62n)),
  },
} as const;

async function msOf(work: () => unknown): Promise<number> {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** Returns the time of reading such keys, divided by that of reading other keys: the shortest of three each. */
async function ratio(tree: Tree, kind: keyof typeof kinds, megabytes: number): Promise<number> {
  const { pickle } = await tree.load('@bridge/npy/pickle');
  const { bytes, alike, spread } = kinds[kind];
  const keys = Array.from({ length: (megabytes * 1e6) / bytes }, (_, i) => i);
  const [one, other] = [alike, spread].map((make) => dictOf(keys.map(make)));
  const times: [number[], number[]] = [[], []];
  for (let run = 0; run < 3; run++) {
    times[1].push(await msOf(() => pickle.decode(other as Buffer)));
    times[0].push(await msOf(() => pickle.decode(one as Buffer)));
    // If the time is quadratic, one run shows it.
    if ((times[0][0] as number) > 5000) break;
  }
  return Math.min(...times[0]) / Math.min(...times[1]);
}

/** Writes the pickle that was read. */
async function sharedText(tree: Tree): Promise<number> {
  const { pickle } = await tree.load('@bridge/npy/pickle');
  const text = Buffer.concat([latin1('X\0\0\x10\0'), Buffer.alloc(2 ** 20, 'x'), latin1('\x94N')]);
  const tuples = Array.from({ length: 20_000 }, (_, i) => Buffer.from([0x68, 0, 0x4d, i & 255, i >> 8, 0x86, 0x4e]));
  const array = pickle.decode(holding(latin1('}('), text, ...tuples, latin1('u')));
  return msOf(() => pickle.encode(array));
}

/** Reads 3 000 arrays of objects that share one list of 40 000. */
async function sharedList(tree: Tree): Promise<number> {
  const { pickle } = await tree.load('@bridge/npy/pickle');
  const list = Buffer.concat([latin1(']('), Buffer.alloc(40_000, 'N'), latin1('e\x94')]);
  const [made = '', state = ''] = FRONT.toString('latin1').slice(2).split('(K\x01K\x01\x85');
  const one = latin1(`${made}(K\x01M\x40\x9c\x85${state.slice(0, -2)}h\0tb`);
  const file = holding(latin1(']('), list, ...Array.from({ length: 3000 }, () => one), latin1('e'));
  return msOf(() => refused(() => pickle.decode(file)));
}

/** Reads and writes a list that names one int of 128 KiB 2 000 times. */
async function sharedInt(tree: Tree): Promise<number> {
  const { pickle } = await tree.load('@bridge/npy/pickle');
  const int = Buffer.concat([latin1('](\x8b\0\0\x02\0'), Buffer.alloc(2 ** 17, 0x7f), latin1('\x94')]);
  const file = holding(int, latin1(`${'h\0'.repeat(2000)}e`));
  return msOf(() => refused(() => pickle.encode(pickle.decode(file))));
}

/** A refusal is a good outcome as well. */
function refused(work: () => unknown): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NpyError')) throw error;
  }
}

function fileOf(descr: string, shape: string): Buffer {
  const header = latin1(`{'descr': ${descr}, 'fortran_order': False, 'shape': ${shape}, }\n`);
  return Buffer.concat([latin1('\x93NUMPY\x01\0'), Buffer.from([header.length & 255, header.length >> 8]), header]);
}

const ONES = `(${'1,'.repeat(64)})`;
const small = {
  'lists of nothing': fileOf("[('a', '<i4', (900, 0))]", '(16777216,)'),
  'bytes without bytes': fileOf("'|S0'", '(16777216,)'),
  'axes in fields': fileOf(`[('a', ${`(`.repeat(20)}'<i4'${`, ${ONES})`.repeat(20)})]`, '(1,)'),
} as const;

/** Decodes a small file, takes its fields and lists them. Returns the milliseconds, or the MB of memory, that this took. */
async function smallFile(tree: Tree, name: keyof typeof small, unit: 'ms' | 'MB'): Promise<number> {
  const { decode, encode, field, toNested } = await tree.load('@bridge/npy');
  toNested(decode(encode([1, 2])));
  const before = process.memoryUsage().rss;
  const ms = await msOf(() => {
    try {
      const array = decode(small[name]);
      for (const use of [() => toNested(array), () => toNested(field(array, 'a'))]) {
        try {
          use();
        } catch {
          // Refused.
        }
      }
    } catch {
      // Refused before there is an array.
    }
  });
  return unit === 'ms' ? ms : (process.memoryUsage().rss - before) / 1e6;
}

/** The memory of each of a million empty dicts, in bytes: the peak while it is read, and afterwards. */
async function emptyDicts(tree: Tree): Promise<number> {
  const { pickle } = await tree.load('@bridge/npy/pickle');
  const file = holding(latin1(']('), Buffer.alloc(1_000_000, '}'), latin1('e'));
  const before = process.memoryUsage().heapUsed;
  const read = pickle.decode(file);
  const taken = process.memoryUsage().heapUsed - before;
  return taken / 1e6 / read.items.length;
}

const sizes = Object.keys(small) as (keyof typeof small)[];

export const pickleAttacks: readonly Attack[] = [
  ...(['bigints', 'doubles'] as const).flatMap((kind) =>
    [1, 10].map(
      (megabytes): Attack => ({
        name: `pickle: ${megabytes} MB of ${kind} of one hash in a dict`,
        unit: 'times as long as others take',
        bound: { atMost: 2 },
        run: (tree) => ratio(tree, kind, megabytes),
      }),
    ),
  ),
  {
    name: 'pickle: 20 000 tuples that share a text of 1 MB, written again',
    unit: 'ms',
    bound: { atMost: 1000 },
    run: sharedText,
  },
  {
    name: 'pickle: 3 000 arrays of objects that share a list of 40 000',
    unit: 'ms',
    bound: { atMost: 500 },
    run: sharedList,
  },
  {
    name: 'pickle: an int of 128 KiB, named 2 000 times, written again',
    unit: 'ms',
    bound: { atMost: 500 },
    run: sharedInt,
  },
  {
    name: 'pickle: a million empty dicts',
    unit: 'bytes each, garbage of reading them included',
    bound: { atMost: 350 },
    run: emptyDicts,
  },
  ...sizes.flatMap((name) =>
    (['ms', 'MB'] as const).map(
      (unit): Attack => ({
        name: `header: a small file of ${name}, listed (${unit})`,
        unit,
        bound: { atMost: 10 },
        run: (tree) => smallFile(tree, name, unit),
      }),
    ),
  ),
];
