// The kinds of cases. A kind and a seed determine a case.
import fc from 'fast-check';
import type { Case } from './case.ts';
import { arrays } from './kinds/arrays.ts';
import { files } from './kinds/files.ts';
import { descrs, headers } from './kinds/headers.ts';
import { objects } from './kinds/objects.ts';
import { longHeaders, shapes } from './kinds/shapes.ts';

/** The cases of each kind, and their share of a mixed run in percent. */
const table = {
  arrays: { cases: arrays, share: 38 },
  headers: { cases: headers, share: 20 },
  descrs: { cases: descrs, share: 15 },
  shapes: { cases: shapes, share: 9 },
  objects: { cases: objects, share: 2 },
  files: { cases: files, share: 15 },
  longHeaders: { cases: longHeaders, share: 1 },
} as const satisfies Record<string, { cases: fc.Arbitrary<Case>; share: number }>;

export type Kind = keyof typeof table;
export const kinds: readonly Kind[] = Object.keys(table) as Kind[];

const deck: readonly Kind[] = kinds.flatMap((kind) => Array.from({ length: table[kind].share }, () => kind));

/** Returns the kind that a seed has in a mixed run. */
export function kindOf(seed: number): Kind {
  return deck[(mixed(seed, 0) >>> 0) % deck.length] as Kind;
}

/** Returns the parameters with which fast-check draws the case of a seed. */
export function drawOf(seed: number): { seed: number; numRuns: 1; unbiased: true } {
  return { seed: mixed(seed, 1), numRuns: 1, unbiased: true };
}

export function casesOf(kind: Kind): fc.Arbitrary<Case> {
  return table[kind].cases;
}

/** Returns the case of a seed, which is always the same. */
export function caseOf(kind: Kind, seed: number): Case {
  const [drawn] = fc.sample(casesOf(kind), drawOf(seed));
  if (drawn === undefined) throw new Error('fast-check drew nothing');
  return drawn;
}

/** Returns a hash of a seed with 32 bits, so that neighbouring seeds have unrelated values: the finaliser of MurmurHash3. */
function mixed(seed: number, salt: number): number {
  let h = (seed ^ Math.imul(salt, 0x9e3779b9)) | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
