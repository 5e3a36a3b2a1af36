// The codec of object arrays is compared with a real NumPy: it reads the files of np.save with the same meaning and writes them
// again byte for byte; it reads pickles of every protocol with the same meaning; np.load reads its files, and np.save writes the
// same bytes for the same literals. The variable BRIDGE_PICKLE_CASES sets the number of arrays in place of a few hundred, and
// BRIDGE_PICKLE_SEED the seed.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decode, encode, readHeader } from '../../src/core.ts';
import { viewOfObjects } from '../../src/objects/object-data.ts';
import { pickle } from '../../src/pickle/pickle.ts';
import { readPickle } from '../../src/pickle/read/pickle-reader.ts';
import { PyFrozenSet, tuple } from '../../src/pickle/values/builtin-classes.ts';
import { PyDate } from '../../src/pickle/values/datetime.ts';
import { EqualKeys } from '../../src/pickle/values/equal-keys.ts';
import { PyDecimal, PyFloat, PyFraction } from '../../src/pickle/values/numeric-values.ts';
import { writePickle } from '../../src/pickle/write/pickle-writer.ts';
import { expectSameBytes } from '../support/same-bytes.ts';
import { type Meaning, meaningOf } from './meaning.ts';
import { naturals } from './naturals.ts';
import { type Case, ObjectPeer, pythons } from './pickle-peer.ts';

const CASES = Number(process.env['BRIDGE_PICKLE_CASES'] ?? 480);
const SEED = Number(process.env['BRIDGE_PICKLE_SEED'] ?? 0);
const BATCH = 50;

/** Compares two meanings. It compares them as JSON first, which is quicker. */
function expectSame(actual: Meaning | string | undefined, expected: Meaning, where: string): void {
  if (JSON.stringify(actual) !== JSON.stringify(expected)) expect(actual, where).toEqual(expected);
}

/** Returns an equal object with another identity, or the key itself if it is a primitive. */
function copyOf(key: unknown): unknown {
  if (typeof key !== 'object' || key === null) return key;
  const { value } = readPickle(writePickle(key, { protocol: 4, numpyCore: 'numpy._core' }));
  return value;
}

for (const { label, python, protocol, numpyCore } of pythons) {
  describe.skipIf(!python)(`object arrays of ${label}`, () => {
    let peer: ObjectPeer;
    beforeAll(() => {
      peer = new ObjectPeer(python ?? '');
    });
    afterAll(() => peer.stop());

    /** Yields batches of random arrays; `where` has the seed of each for messages. */
    async function* batches(start: number, count: number, version: number | null) {
      for (let seed = SEED + start; seed < SEED + start + count; seed += BATCH) {
        const cases = await peer.random(seed, Math.min(BATCH, SEED + start + count - seed), version);
        yield cases.map((one, i): Case & { where: string } => ({ ...one, where: `seed ${seed + i}` }));
      }
    }

    it(`reads ${CASES} arrays as they mean, and writes them again byte for byte`, async () => {
      for await (const batch of batches(0, CASES, null)) {
        for (const { header, body, value, where } of batch) {
          const array = pickle.decode(body);
          expect(array.byteLength, where).toBe(body.length);
          expectSame(meaningOf(array.source.array), value, where);
          const file = Buffer.concat([header, body]);
          expectSameBytes(encode(decode(file, { objects: pickle }), { ...readHeader(file), objects: pickle }), file);
        }
      }
    }, 3_600_000);

    it.each([0, 1, 2, 3, 4, 5])(
      'reads pickles of protocol %i as they mean',
      async (version) => {
        for await (const batch of batches(10_000_000 * (version + 1), CASES / 6, version)) {
          for (const { body, value, where } of batch) {
            expectSame(meaningOf(pickle.decode(body).source.array), value, where);
          }
        }
      },
      3_600_000,
    );

    it('is read by np.load, also under the names of NumPy 1, and when written without its source', async () => {
      for await (const batch of batches(100_000_000, CASES / 6, null)) {
        const arrays = batch.map(({ body }) => pickle.decode(body));
        // NumPy 2 still knows the names of NumPy 1.
        const other = { protocol, numpyCore: 'numpy.core' } as const;
        const anew = arrays.map(({ source: _, ...array }) => pickle.with({ protocol, numpyCore }).encode(array));
        const renamed = arrays.map((array) => pickle.with(other).encode(array));
        for (const written of [anew, renamed]) {
          const loaded = await peer.load(written);
          for (const [i, { value, where }] of batch.entries()) expectSame(loaded[i], value, where);
        }
      }
    }, 3_600_000);

    it('takes two keys for one where a dict does', async () => {
      const numbers = [
        0,
        false,
        new PyFloat(0),
        -0,
        0n,
        { re: 0, im: -0 },
        1,
        true,
        1n,
        new PyFloat(1),
        { re: 1, im: 1 },
      ];
      const large = [
        2 ** 53,
        2n ** 53n,
        2n ** 53n + 1n,
        1e300,
        BigInt(1e300),
        0.5,
        1 / 0,
        { re: 0.5, im: 0 },
        Number.NaN,
      ];
      const exact = [new PyDecimal('1'), new PyFraction(1n, 1n), new PyFraction(1n, 3n), new PyDecimal('NaN')];
      const single = [...numbers, ...large, ...exact, null, 'a', '1', Uint8Array.of(1), new PyDate(2024, 2, 29)];
      const nested = single.flatMap((key) => [tuple(key), new PyFrozenSet([key]), tuple('a', tuple(key, key))]);
      const keys = [
        ...single,
        ...nested,
        tuple(),
        new PyFrozenSet(),
        new PyFrozenSet([1, 2]),
        new PyFrozenSet([2, true]),
      ];
      const pairs = keys.flatMap((a, i) => keys.slice(i).map((b) => [a, copyOf(b)] as const));
      const arrays = pairs.map((pair) => ({ descr: '|O', shape: [2], fortranOrder: false, items: [...pair] }));
      const equal = await peer.equal(arrays.map((array) => pickle.with({ protocol, numpyCore }).encode(array)));
      const known = new EqualKeys();
      for (const [i, [a, b]] of pairs.entries()) {
        expect(
          new Set([known.tokenOf(a), known.tokenOf(b)]).size === 1,
          JSON.stringify([meaningOf(a), meaningOf(b)]),
        ).toBe(equal[i]);
      }
    });

    it.each(naturals.filter(({ numpy2 }) => !numpy2 || protocol === 4))(
      'writes what np.save does: $source',
      async ({ source, array }) => {
        const objects = pickle.with({ protocol, numpyCore });
        expectSameBytes(encode(viewOfObjects(array), { objects }), await peer.save(source));
      },
    );
  });
}
