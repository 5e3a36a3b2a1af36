// Finds the smallest case that still differs in the same way, with fast-check.
import fc from 'fast-check';
import type { Case } from './case.ts';
import { requestOf } from './case.ts';
import { compare, type Difference } from './compare.ts';
import { explanationOf } from './explained.ts';
import { casesOf, drawOf, type Kind } from './kinds.ts';
import type { FuzzPeer } from './numpy/peer.ts';

const TIME_MS = 20_000;

/** Draws the case of a seed again, and shrinks it. */
export async function minimise(
  kind: Kind,
  seed: number,
  peer: FuzzPeer,
): Promise<{ asked: Case; difference: Difference } | undefined> {
  let smallest: { asked: Case; difference: Difference } | undefined;
  const property = fc.asyncProperty(casesOf(kind), async (asked) => {
    const difference = compare(asked, await peer.ask(requestOf(asked)));
    if (!difference || explanationOf(difference, peer.numpyMajor) !== undefined) return true;
    smallest = { asked, difference };
    return false;
  });
  await fc.check(property, { ...drawOf(seed), interruptAfterTimeLimit: TIME_MS });
  return smallest;
}
