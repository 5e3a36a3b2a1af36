// The quantiles of any durations are within one percent of the exact ones.
import { fc, test } from '@fast-check/vitest';
import { expect } from 'vitest';
import { Quantiles } from '../../src/observe/quantiles.ts';

const durations = fc.array(fc.double({ min: 0.001, max: 1e7, noNaN: true }), {
  minLength: 1,
  maxLength: 300,
  size: 'max',
});

test.prop([durations, fc.double({ min: 0, max: 1, noNaN: true })], { numRuns: 500 })('a quantile', (values, q) => {
  const quantiles = new Quantiles();
  for (const value of values) quantiles.add(value);
  const exact = values.toSorted((a, b) => a - b)[Math.floor(q * (values.length - 1))] ?? 0;
  expect(Math.abs(quantiles.quantile(q) - exact)).toBeLessThanOrEqual(0.0101 * exact);
});

test.prop([durations])('count, mean and the longest are exact', (values) => {
  const quantiles = new Quantiles();
  for (const value of values) quantiles.add(value);
  const { count, mean, max } = quantiles.summary();
  expect(count).toBe(values.length);
  expect(max).toBe(Math.max(...values));
  expect(mean).toBeCloseTo(values.reduce((a, b) => a + b, 0) / values.length, 3);
});

test('nothing yet, and durations outside of what is told apart', () => {
  const quantiles = new Quantiles();
  expect(quantiles.summary()).toEqual({ count: 0, mean: 0, p50: 0, p90: 0, p99: 0, max: 0 });
  quantiles.add(0);
  quantiles.add(1e9);
  expect(quantiles.summary()).toMatchObject({ count: 2, max: 1e9 });
});
