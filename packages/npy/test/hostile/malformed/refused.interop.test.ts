// np.load also refuses the malformed files, except for those that are listed here.
import { describe, expect, test } from 'vitest';
import { FuzzPeer } from '../../../fuzz/numpy/peer.ts';
import { pythons } from '../../numpy/numpy-peer.ts';
import { malformed, sections } from './table.ts';

/** The names of the malformed files that NumPy reads. */
const readByNumPy: readonly string[] = [
  // By default limits.maxElements is 2^53 - 1, so this package refuses the file.
  '2^60 elements without bytes',
];
/**
 * The names of those that NumPy 2 reads as well. It fails later, when a program asks for the field; this package refuses them at
 * once. NumPy 1.24 has 32 axes at most.
 */
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
