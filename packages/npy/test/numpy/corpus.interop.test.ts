// The corpus is compared with NumPy 2 and NumPy 1.24: every array is read with equal values, and every one in native byte order is
// written again with the bytes of np.save, except for padding of long doubles and gaps between fields.
import { describe, expect, test } from 'vitest';
import { requestOf } from '../../fuzz/case.ts';
import { compare } from '../../fuzz/compare.ts';
import { explanationOf } from '../../fuzz/explained.ts';
import type { Answer } from '../../fuzz/numpy/answer.ts';
import { FuzzPeer } from '../../fuzz/numpy/peer.ts';
import { categories, corpus } from './corpus.ts';
import { pythons } from './numpy-peer.ts';

const isNative = ({ descr }: Answer & { outcome: 'array' }): boolean => !JSON.stringify(descr).includes('">');

test(`at least 500 arrays, and some of each of ${Object.keys(categories).length + 1} categories`, () => {
  expect(corpus.length).toBeGreaterThanOrEqual(500);
  for (const category of [...Object.keys(categories), 'objects']) {
    expect(corpus.filter(({ name }) => name.startsWith(`${category} `)).length, category).toBeGreaterThanOrEqual(10);
  }
});

describe.each(pythons)('%s', (label, python) => {
  test.skipIf(!python)(`${corpus.length} arrays`, async () => {
    const { peer, version } = await FuzzPeer.start(python ?? '');
    const answers = await Promise.all(corpus.map(({ asked }) => peer.ask(requestOf(asked))));
    await peer.stop();
    const unlike: string[] = [];
    let native = 0;
    for (const [i, { name, asked }] of corpus.entries()) {
      const answer = answers[i] as Answer;
      if (answer.outcome !== 'array') {
        unlike.push(`${name}: NumPy made none: ${JSON.stringify(answer)}`);
        continue;
      }
      if (isNative(answer)) native++;
      const difference = compare(asked, answer);
      // An array whose elements have no bytes is contiguous in both orders: np.save writes the order that the array was made with.
      const isMeant = difference && /^[A-Z]0$/.test(answer.kind) && explanationOf(difference, peer.numpyMajor);
      if (difference && !isMeant) unlike.push(`${name}: ${difference.what}`);
    }
    console.log(`${label}, ${version}: ${corpus.length} arrays read, ${native} of them native and written again`);
    expect(unlike).toEqual([]);
    expect(native).toBeGreaterThanOrEqual(500);
  });
});
