// A real Python reads the same damaged pickles, in a process that may crash: a pickle that both sides read means the same to both,
// and this package reads every pickle that Python reads. NumPy 2 knows the names of both major versions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPickle } from '../../../src/pickle/read/pickle-reader.ts';
import { pythons } from '../../numpy/python-pipe.ts';
import { meaningOf } from '../meaning.ts';
import { ObjectPeer } from '../pickle-peer.ts';
import { damaged, plainSamples, xorshift } from './damage.ts';

const CASES = Number(process.env['BRIDGE_PICKLE_DAMAGED'] ?? 200);
const SEED = Number(process.env['BRIDGE_PICKLE_SEED'] ?? 77);
const BATCH = 100;

/**
 * Failures of the Python side that say nothing about the pickle: NumPy crashed, the memory limit was reached, or the value was read
 * and has no meaning.
 */
const ALLOWED = /^(crash|MemoryError|AttributeError: 'UUID' object has no attribute 'int')/;

const [label, python] = pythons[0] ?? [];

describe.skipIf(!python)(`damaged arrays, against ${label}`, () => {
  let peer: ObjectPeer;
  beforeAll(() => {
    peer = new ObjectPeer(python ?? '');
  });
  afterAll(() => peer.stop());

  it(`${CASES} of them`, async () => {
    const random = xorshift(SEED);
    let same = 0;
    for (let done = 0; done < CASES; done += BATCH) {
      const bodies = Array.from({ length: BATCH }, () => damaged(random, 1, plainSamples));
      for (const [i, theirs] of (await peer.read(bodies)).entries()) {
        const ours = read(bodies[i] ?? new Uint8Array(0));
        if (ours === undefined || (typeof theirs === 'string' && ALLOWED.test(theirs))) continue;
        const where = Buffer.from(bodies[i] ?? []).toString('latin1');
        if (JSON.stringify(ours) !== JSON.stringify(theirs)) expect(ours, where).toEqual(theirs);
        same++;
      }
    }
    expect(same).toBeGreaterThan(CASES / 40);
  }, 3_600_000);
});

/** Returns the meaning of the value, or undefined if the pickle is refused. */
function read(body: Uint8Array): unknown {
  let value: unknown;
  try {
    ({ value } = readPickle(body, undefined, 'latin1'));
  } catch {
    return undefined;
  }
  return meaningOf(value);
}
