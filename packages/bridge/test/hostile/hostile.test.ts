// The campaigns of `npm run hostile`, each in a short version with a fixed seed.
import { expect, test } from 'vitest';
import { campaign } from './campaign.ts';
import { KINDS } from './kinds.ts';

test.each(Object.entries(KINDS))('%s at random: an answer, or one error with a code', async (_, { make }) => {
  await using kind = await make();
  const { wrong, cases, outcomes } = await campaign(kind, 500, 7);
  expect(wrong).toEqual([]);
  expect(cases).toBe(500);
  expect(outcomes['answered']).toBeGreaterThan(0);
});
