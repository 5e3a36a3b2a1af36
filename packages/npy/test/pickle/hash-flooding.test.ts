// The hashes of these keys collide in V8, so its Map would compare each key with all before it. The reader moves their entries to a
// seeded table, and the Map or Set behaves as before.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { engineHash, MAX_SEEDED_LENGTH } from '../../src/pickle/hash-flooding/engine-hash.ts';
import { GuardedInserter } from '../../src/pickle/hash-flooding/guarded-insert.ts';
import { LongTextNumbers } from '../../src/pickle/hash-flooding/long-text-numbers.ts';
import { moveToSeededEntries } from '../../src/pickle/hash-flooding/seeded-entries.ts';
import { PyFrozenSet, PyOrderedDict, PyTuple, pickle, tuple } from '../../src/pickle/index.ts';
import { PyFloat } from '../../src/pickle/values/numeric-values.ts';
import { parsePythonLiteral } from '../../src/python/literal.ts';
import { unhashed } from '../support/v8-number-hash.ts';

const COUNT = 500;
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Returns doubles whose hashes have the same low bits: those that are finite and not integers. */
function doublesOfOneHash(): number[] {
  const found: number[] = [];
  const [bits, float] = [new BigUint64Array(1), new Float64Array(1)];
  for (let i = 0n; found.length < COUNT; i++) {
    bits[0] = unhashed((i << 30n) | 5n);
    float[0] = new Float64Array(bits.buffer)[0] as number;
    if (Number.isFinite(float[0]) && !Number.isInteger(float[0])) found.push(float[0]);
  }
  return found;
}

const crowds: readonly [string, readonly unknown[]][] = [
  ['bigints i * 2^64', range(COUNT).map((i) => BigInt(i + 1) << 64n)],
  ['bigints of either sign', range(COUNT).map((i) => (BigInt(i + 1) << 64n) * (i % 2 ? 1n : -1n))],
  ['doubles of one hash', doublesOfOneHash()],
  ['ints of one chain', range(2 ** 22).filter((i) => ((engineHash(i) as number) & 4095) === 5).slice(0, COUNT)],
  ['long texts of one length', range(20).map((i) => `${'x'.repeat(MAX_SEEDED_LENGTH)}${1000 + i}`)],
]; // biome-ignore format: a table

const spread: readonly [string, readonly unknown[]][] = [
  ['ints in a row', range(5000)],
  ['ints 4096 apart', range(5000).map((i) => i * 4096)],
  ['halves', range(5000).map((i) => i + 0.5)],
  ['negative numbers', range(5000).map((i) => -i * 1.1)],
  ['powers', range(1000).map((i) => 1.5 ** i)],
  ['thousandths', range(5000).map((i) => i / 1000)],
  ['64-bit hashes', range(5000).map((i) => BigInt.asUintN(64, BigInt(i + 1) * 0x9e3779b97f4a7c15n) | (1n << 63n))],
  ['texts', range(5000).map((i) => `key ${i}`)],
  ['digits', range(5000).map((i) => String(i * 65536))],
  ['one long text', ['x'.repeat(MAX_SEEDED_LENGTH + 1), 'y'.repeat(MAX_SEEDED_LENGTH + 2)]],
]; // biome-ignore format: a table

const isApart = (inserter: unknown): boolean => Object.hasOwn(inserter as object, 'size');
const read = (value: unknown): unknown => pickle.decode(pickle.encode(arrayOf(value))).items[0];
const arrayOf = (value: unknown) => ({ descr: '|O', shape: [1], fortranOrder: false, items: [value] });

describe.each(crowds)('%s', (_, keys) => {
  const entries = keys.map((key, i): [unknown, unknown] => [key, i]);

  it.each<[string, unknown]>([
    ['a dict', new Map(entries)],
    ['an OrderedDict', new PyOrderedDict(entries)],
  ])('are the keys of %s, all of them, in order', (_, dict) => {
    const read1 = read(dict) as Map<unknown, unknown>;
    expect(isApart(read1)).toBe(true);
    expect(read1.size).toBe(keys.length);
    expect([...read1]).toEqual(entries);
    for (const [key, value] of entries) expect(read1.get(key)).toBe(value);
    expect(pickle.encode(arrayOf(read1))).toEqual(pickle.encode(arrayOf(dict)));
    expect(read1).toBeInstanceOf((dict as Map<unknown, unknown>).constructor as never);
    // Code that takes the entries without the methods, such as structuredClone, must not find an empty Map.
    expect(() => structuredClone(read1)).toThrow(/could not be cloned/);
  });

  it.each<[string, unknown]>([
    ['a set', new Set(keys)],
    ['a frozenset', new PyFrozenSet(keys)],
  ])('are the items of %s', (_, set) => {
    const read1 = read(set) as Set<unknown>;
    expect(isApart(read1)).toBe(true);
    expect([...read1]).toEqual([...keys]);
    expect(pickle.encode(arrayOf(read1))).toEqual(pickle.encode(arrayOf(set)));
    for (const key of keys) expect(read1.has(key)).toBe(true);
    const old = pickle.with({ protocol: 3, numpyCore: 'numpy.core' });
    const ofOld = old.decode(old.encode(arrayOf(set))).items[0] as Set<unknown>;
    expect([...ofOld]).toEqual([...keys]);
  });

  it('are compared by text where Python may take two for one', () => {
    const dict = new Map<unknown, unknown>([...entries, [tuple(1, 'a'), 1]]);
    expect([...(read(dict) as Map<unknown, unknown>)]).toEqual([...dict]);
    dict.set(new PyTuple(), 0).set(tuple(1, 'a'), 2);
    expect(() => pickle.encode(arrayOf(dict))).toThrow(/equal to another key/);
    const [first] = keys;
    const again = typeof first === 'string' ? undefined : tuple(tuple(first), tuple(first));
    if (again) expect(() => pickle.encode(arrayOf(new Set(again)))).toThrow(/equal to another key/);
  });
});

describe.each(spread)('%s', (_, keys) => {
  it('are the keys of a plain Map and the items of a plain Set', () => {
    const dict = read(new Map(keys.map((key, i) => [key, i]))) as Map<unknown, unknown>;
    expect(isApart(dict)).toBe(false);
    expect(dict.size).toBe(keys.length);
    expect(isApart(read(new Set(keys)))).toBe(false);
  });
});

describe('a Map that is held apart', () => {
  const key = fc.oneof(
    fc.integer({ min: -3, max: 3 }),
    fc.constantFrom<unknown>(
      -0,
      0.5,
      Number.NaN,
      1n << 64n,
      2n << 64n,
      null,
      true,
      'a',
      '',
      'x'.repeat(MAX_SEEDED_LENGTH + 1),
    ),
  );
  const step = fc.tuple(fc.constantFrom('set', 'delete', 'has', 'get', 'clear', 'list'), key, fc.integer());

  it('answers what a Map does', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(key, fc.integer())), fc.array(step), (start, steps) => {
        const [plain, apart] = [new Map<unknown, unknown>(start), new Map<unknown, unknown>(start)];
        moveToSeededEntries(apart, new LongTextNumbers());
        for (const [method, k, v] of steps) {
          const [a, b] = [plain, apart].map((map) => {
            if (method === 'list') return [...map.keys(), ...map.values(), ...map.entries(), map.size];
            if (method === 'clear') return map.clear();
            return method === 'set' ? map.set(k, v) === map : map[method as 'get'](k);
          });
          expect(b).toEqual(a);
        }
        const visited: unknown[] = [];
        apart.forEach((value, k, map) => void visited.push([k, value], map === apart));
        expect(visited).toEqual([...plain].flatMap((entry) => [entry, true]));
        expect(new Map(apart)).toEqual(plain);
      }),
    );
  });

  it('has the methods of sets', () => {
    const apart = new Set<unknown>([1, 2, 3]);
    moveToSeededEntries(apart, new LongTextNumbers());
    expect(apart.add(4)).toBe(apart);
    expect([...apart.entries()]).toEqual([[1, 1], [2, 2], [3, 3], [4, 4]]); // biome-ignore format: one line
    const { union } = apart as { union?: (other: Set<unknown>) => Set<unknown> };
    if (union) expect(union.call(apart, new Set([5]))).toEqual(new Set([1, 2, 3, 4, 5]));
  });
});

it('long texts have one number where they are equal, and another where they are not', () => {
  const texts = new LongTextNumbers();
  const long = (end: string): string => `${'x'.repeat(100_000)}${end}`;
  expect(texts.number(long('a'))).toBe(texts.number(['x'.repeat(100_000), 'a'].join('')));
  expect(new Set(['a', 'b', 'aa', ''].map((end) => texts.number(long(end)))).size).toBe(4);
  expect(texts.shorten('short')).toBe('short');
  expect(texts.shorten(`${long('')}${texts.shorten(long('a'))}`)).not.toBe(texts.shorten(long('a')));
});

it('a long text that is a key over and over is looked at once', () => {
  let charged = 0;
  const inserter = new GuardedInserter((units) => {
    charged += units;
  });
  const dict = new Map<unknown, unknown>();
  const cells = ['a', 'b', 'a'].map((end) => ({ text: `${'x'.repeat(MAX_SEEDED_LENGTH)}${end}`, number: undefined }));
  for (const cell of [...cells, ...cells]) inserter.set(dict, cell.text, 1, cell);
  expect(dict.size).toBe(2);
  expect(charged).toBe(0);
  // A long text that comes without the reader's record of its str has to be looked at each time, and is charged for.
  for (const { text } of cells) inserter.set(dict, text, 2);
  expect(charged).toBe(3 * (MAX_SEEDED_LENGTH + 1));
});

it('an equal float is found among ints, however it is spelled', () => {
  for (const pair of [[1, true], [1n << 70n, 2 ** 70], [1, new PyFloat(1)], [0.5, new PyFloat(0.5)], [5n, 5]]) // biome-ignore format: one line
    expect(() => pickle.encode(arrayOf(new Set<unknown>(pair as readonly unknown[])))).toThrow(/equal to another key/);
});

it('numbers that are keys in a header are not compared with each other', () => {
  const text = `{${range(300)
    .map((i) => `${(i + 1) * 2 ** 20}: 1,`)
    .join('')} 5: 1, 5: 2}`;
  expect(parsePythonLiteral(text, false)).toMatchObject({ kind: 'dict', entries: { size: 302 } });
});
