// Draws arrays of Python objects, which Python makes from a seed, and bytes with which their pickles are damaged.
import fc from 'fast-check';
import type { Case } from '../case.ts';

const damage = fc.record({ at: fc.nat(), bytes: fc.uint8Array({ maxLength: 3 }), cut: fc.nat(3) });

export const objects: fc.Arbitrary<Case> = fc
  .record({ seed: fc.nat(2 ** 31 - 1), damages: fc.array(damage, { minLength: 1, maxLength: 3 }) })
  .map(({ seed, damages }) => ({ ask: 'objects', seed, damages }));
