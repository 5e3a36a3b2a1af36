// Damaged pickles, also read by a real Python in a process that may crash: what both read means the same, and everything that Python reads
// is read here. NumPy 2 knows the names of both versions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPickle } from '../../../src/pickle/read/pickle-reader.ts';
import { pythons } from '../../numpy/python-pipe.ts';
import { meaningOf } from '../meaning.ts';
import { ObjectPeer } from '../pickle-peer.ts';
import { damaged, plainSamples, xorshift } from './damage.ts';

const CASES = Number(process.env['BRIDGE_PICKLE_DAMAGED'] ?? 200);
const SEED = Number(process.env['BRIDGE_PICKLE_SEED'] ?? 77);
const BATCH = 100;

/** Read there as well; what fails is asking the value what it means, or the memory that it may have, or NumPy. */
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

/** Undefined when it is refused. */
function read(body: Uint8Array): unknown {
  let value: unknown;
  try {
    ({ value } = readPickle(body, undefined, 'latin1'));
  } catch {
    return undefined;
  }
  return meaningOf(value);
}
