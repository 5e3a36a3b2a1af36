// Whatever the shim may say of why it steps aside is said once more, in words of the model's program.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { meaningOf } from '../../src/launch/replica/lane-reason.ts';

const shim = readFileSync(new URL('../../shim/sitecustomize.py', import.meta.url), 'utf8');
const reasons = [...shim.matchAll(/(?:decline\(|return )'(it[^']*)'/g)].map(([, reason = '']) =>
  reason.replaceAll('%s', 'recv'),
);

test('there are such reasons', () => {
  expect(reasons.length).toBeGreaterThan(12);
});

test.each([
  ...new Set(reasons),
  'it uses makefile of a connection',
  'no shim was loaded: the model is no Python program',
])('%s: what that means', (reason) => {
  expect(meaningOf(reason)).toMatch(/^this means: .* Nothing has to be done about it/);
});

test('what says itself what it means is left alone', () => {
  expect(meaningOf('the host took the lane away')).toBeUndefined();
});
