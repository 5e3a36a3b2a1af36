// Each reason for which the shim may decline a lane has an explanation for users, in terms of the model's program.
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { meaningOf } from '../../src/launch/replica/lane-reason.ts';

const folder = new URL('../../shim/npbridge_shim/', import.meta.url);
const files = readdirSync(folder).filter((name) => name.endsWith('.py'));
const shim = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
const reasons = [...shim.matchAll(/(?:decline\(|return )'(it[^']*)'/g)].map(([, reason = '']) =>
  reason.replaceAll('%s', 'recv'),
);

test('the shim has reasons to decline', () => {
  expect(reasons.length).toBeGreaterThan(12);
});

test.each([
  ...new Set(reasons),
  'it uses makefile of a connection',
  'no shim was loaded: the model is no Python program',
])('%s: is explained', (reason) => {
  expect(meaningOf(reason)).toMatch(/^this means: .* Nothing has to be done about it/);
});

test('a reason that explains itself gets no explanation', () => {
  expect(meaningOf('the host removed the socket of the lane')).toBeUndefined();
});
