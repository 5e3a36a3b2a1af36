// isNpyError tells errors apart by their codes, for errors of this copy of the package and of any other copy.
import { expect, test } from 'vitest';
import { type AnyNpyError, decode, isNpyError, NpyError } from '../src/index.ts';
import { thrownBy } from './support/npy-files.ts';

const truncated = thrownBy(() => decode(new Uint8Array(6).fill(0x93, 0, 1)));
const limit = new NpyError('NPY_LIMIT', 'npy: too large', { bytes: 2, maxBytes: 1 });

test('by a code, and without one', () => {
  expect(isNpyError(limit, 'NPY_LIMIT')).toBe(true);
  expect(isNpyError(limit, 'NPY_DTYPE')).toBe(false);
  expect(isNpyError(limit)).toBe(true);
  expect(isNpyError(truncated)).toBe(true);
  for (const other of [
    new Error('no'),
    new TypeError('no'),
    { name: 'NpyError', code: 'NPY_LIMIT' },
    'NPY_LIMIT',
    null,
  ]) {
    expect(isNpyError(other)).toBe(false);
    expect(isNpyError(other, 'NPY_LIMIT')).toBe(false);
  }
});

test('in a list', () => {
  const ours: AnyNpyError[] = [new TypeError('no'), limit, undefined, limit].filter(isNpyError);
  expect(ours).toEqual([limit, limit]);
});

test('of another copy of the package', () => {
  const other = Object.assign(new Error('npy: too large'), {
    name: 'NpyError',
    code: 'NPY_LIMIT',
    detail: { bytes: 2 },
  });
  expect(other instanceof NpyError).toBe(false);
  expect(isNpyError(other, 'NPY_LIMIT') && other.detail.bytes).toBe(2);
});
