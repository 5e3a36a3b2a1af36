// A short run of the fuzzer's hostile files: reading them and writing them again throws only NpyErrors.
import { expect, test } from 'vitest';
import { hostileFile, runHostile } from '../../fuzz/hostile.ts';

test('3000 hostile headers and pickles, used in all ways, throw nothing but NpyErrors', () => {
  const { uncaught, decoded } = runHostile(1, 3000);
  expect(uncaught).toEqual([]);
  expect(decoded).toBeGreaterThan(100);
});

test('the same seed is the same file', () => {
  expect(hostileFile(77)).toEqual(hostileFile(77));
});
