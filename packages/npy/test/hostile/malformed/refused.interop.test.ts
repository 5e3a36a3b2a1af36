// np.load reads none of the malformed files as a value either.
import { describe, expect, test } from 'vitest';
import { FuzzPeer } from '../../../fuzz/numpy/peer.ts';
import { pythons } from '../../numpy/numpy-peer.ts';
import { malformed, sections } from './table.ts';

/** Read by NumPy all the same, by name. */
const readByNumPy: readonly string[] = [
  // limits.maxElements is 2^53 - 1 unless somebody says more.
  '2^60 elements without bytes',
];
/** By NumPy 2 as well: refused here before there is an array, and not when its field is asked for. NumPy 1.24 has 32 axes at most. */
const readByNumPy2 = (sections['more than 64 axes in all, those of the array included'] ?? []).map(({ name }) => name);

describe.each(pythons)('%s', (label, python) => {
  const expected = label.startsWith('NumPy 2') ? [...readByNumPy, ...readByNumPy2] : readByNumPy;
  test.skipIf(!python)(`refuses all ${malformed.length} but ${expected.length}`, async () => {
    const { peer } = await FuzzPeer.start(python ?? '');
    const answers = await Promise.all(malformed.map(({ file }) => peer.ask(Buffer.concat([Buffer.from('L'), file]))));
    await peer.stop();
    const read = malformed.filter((_, i) => answers[i]?.outcome === 'array').map(({ name }) => name);
    expect(read).toEqual(expected);
  });
});
