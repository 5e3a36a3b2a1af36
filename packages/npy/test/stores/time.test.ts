// The stores of datetime64 and timedelta64 have counts of a unit, which become Dates if that is exact.
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  DateTime64Store,
  decode,
  encode,
  NAT,
  readHeader,
  TimeDelta64Store,
  toDate,
  toNested,
} from '../../src/core.ts';
import { fromNested } from '../../src/operations/nested.ts';
import { thrownBy } from '../support/npy-files.ts';

test('a store says its unit, and what is counted', () => {
  expect(new DateTime64Store('25s', 1)).toMatchObject({
    dtype: 'datetime64',
    descr: '<M8[25s]',
    unit: { name: 's', count: 25 },
  });
  expect(new TimeDelta64Store('generic', 1)).toMatchObject({ dtype: 'timedelta64', descr: '<m8' });
  expect(thrownBy(() => new DateTime64Store('fortnight', 1))).toMatchObject({ code: 'NPY_DESCR', fault: 'caller' });
});

describe('toDate', () => {
  test.each<[bigint, string, string | undefined]>([
    [0n, 'D', '1970-01-01T00:00:00.000Z'],
    [19_782n, 'D', '2024-02-29T00:00:00.000Z'],
    [-1n, 'W', '1969-12-25T00:00:00.000Z'],
    [54n, 'Y', '2024-01-01T00:00:00.000Z'],
    [-1971n, 'Y', '-000001-01-01T00:00:00.000Z'],
    [649n, 'M', '2024-02-01T00:00:00.000Z'],
    [-1n, 'M', '1969-12-01T00:00:00.000Z'],
    [1n, '25s', '1970-01-01T00:00:25.000Z'],
    [1n, 'h', '1970-01-01T01:00:00.000Z'],
    [-1n, 'ms', '1969-12-31T23:59:59.999Z'],
    [-1000n, 'us', '1969-12-31T23:59:59.999Z'],
    [1_000_001n, 'ns', undefined],
    [10n ** 15n, 'as', '1970-01-01T00:00:00.001Z'],
    [8_640_000_000_000_000n, 'ms', '+275760-09-13T00:00:00.000Z'],
    [8_640_000_000_000_001n, 'ms', undefined],
    [NAT, 'ms', undefined],
    [5n, 'generic', undefined],
    [10n ** 17n, 'Y', undefined],
    [273_791n, 'Y', undefined],
  ])('%s of %s is %s', (count, unit, iso) => {
    expect(toDate(count, unit)?.toISOString()).toBe(iso);
    expect(new DateTime64Store(unit, BigInt64Array.of(count)).toDate(0)?.toISOString()).toBe(iso);
  });

  test('is the inverse of setting a Date', () => {
    const date = fc.date({ noInvalidDate: true });
    fc.assert(
      fc.property(date, fc.constantFrom('D', 'h', '5m', 's', 'ms', 'us', 'ns', 'Y', 'M', '3M'), (given, unit) => {
        const store = new DateTime64Store(unit, 1);
        try {
          store.set(0, given);
        } catch (error) {
          expect(error).toMatchObject({ code: 'NPY_VALUE' });
          if (unit === 'ms' || unit === 'us') throw error;
          return;
        }
        expect(store.toDate(0)).toEqual(given);
      }),
      { numRuns: 2000 },
    );
  });
});

test('set takes counts and Dates, and nothing that would change', () => {
  const seconds = new DateTime64Store('s', 1);
  seconds.set(0, new Date(2000));
  expect(seconds.get(0)).toBe(2n);
  seconds.set(0, new Date(Number.NaN));
  expect(seconds.get(0)).toBe(NAT);
  seconds.set(0, -5);
  expect(seconds.get(0)).toBe(-5n);
  expect(toDate(5, 's')).toEqual(toDate(5n, 's'));
  for (const value of [new Date(1), 1.5, 2 ** 53, Number.NaN, 1n << 63n, '2024', null]) {
    expect(thrownBy(() => seconds.set(0, value as bigint))).toMatchObject({ code: 'NPY_VALUE', fault: 'caller' });
  }
  expect(thrownBy(() => new TimeDelta64Store('s', 1).set(0, new Date(0)))).toMatchObject({ code: 'NPY_VALUE' });
});

describe('lists', () => {
  test('of Dates are milliseconds', () => {
    const view = fromNested([new Date(5), new Date(Number.NaN)]);
    expect(view.data).toMatchObject({ descr: '<M8[ms]' });
    expect(toNested(view)).toEqual([5n, NAT]);
  });

  test('of counts take the unit asked for', () => {
    expect(toNested(fromNested([1n, 2], '<m8[us]'))).toEqual([1n, 2n]);
    expect(fromNested([1n], 'datetime64').data).toMatchObject({ descr: '<M8' });
    expect(thrownBy(() => fromNested([1.5], '<m8[us]'))).toMatchObject({ code: 'NPY_VALUE' });
  });
});

describe('another unit', () => {
  const convert = (count: bigint, from: string, to: string): unknown =>
    toNested(decode(encode({ data: new DateTime64Store(from, BigInt64Array.of(count)) }, { descr: `<M8[${to}]` })));

  test.each<[bigint, string, string, bigint]>([
    [2n, 's', 'ms', 2000n],
    [2000n, 'ms', 's', 2n],
    [1n, 'W', 'D', 7n],
    [24n, 'M', 'Y', 2n],
    [3n, 'Y', '6M', 6n],
    [NAT, 's', 'ns', NAT],
    [7n, '25s', '5s', 35n],
  ])('%s of %s in %s is %s', (count, from, to, expected) => {
    expect(convert(count, from, to)).toEqual([expected]);
  });

  test.each<[bigint, string, string]>([
    [2001n, 'ms', 's'],
    [1n, 'Y', 'D'],
    [1n, 'generic', 's'],
    [2n ** 62n, 's', 'ns'],
    [5n, 's', '0s'],
  ])('%s of %s has no count in %s', (count, from, to) => {
    expect(thrownBy(() => convert(count, from, to))).toMatchObject({ code: 'NPY_VALUE' });
  });

  test('a point in time is no span of time, and both are integers', () => {
    const days = { data: new DateTime64Store('D', BigInt64Array.of(3n)) };
    expect(thrownBy(() => encode(days, { descr: '<m8[D]' }))).toMatchObject({ code: 'NPY_VALUE' });
    expect(toNested(decode(encode(days, { dtype: 'int64' })))).toEqual([3n]);
    expect(readHeader(encode(days, { dtype: 'datetime64' }))?.descr).toBe('<M8[D]');
  });
});
