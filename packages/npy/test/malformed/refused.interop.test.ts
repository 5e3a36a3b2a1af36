// The same malformed files before np.load: what is refused here has no value there.
import { describe, expect, test } from 'vitest';
import { FuzzPeer } from '../../fuzz/numpy/peer.ts';
import { pythons } from '../numpy/peer.ts';
import { malformed } from './table.ts';

/** Read by NumPy all the same, by name, each with the reason why not here. */
const readByNumPy: Readonly<Record<string, string>> = {
  '2^60 elements without bytes': 'limits.maxElements, which is 2^53 - 1 unless somebody says more',
};

describe.each(pythons)('%s', (_, python) => {
  test.skipIf(!python)(`refuses all ${malformed.length} but ${Object.keys(readByNumPy).length}`, async () => {
    const { peer } = await FuzzPeer.start(python ?? '');
    const answers = await Promise.all(malformed.map(({ file }) => peer.ask(Buffer.concat([Buffer.from('L'), file]))));
    await peer.stop();
    const read = malformed.filter((_, i) => answers[i]?.outcome === 'array').map(({ name }) => name);
    expect(read).toEqual(Object.keys(readByNumPy));
  });
});
