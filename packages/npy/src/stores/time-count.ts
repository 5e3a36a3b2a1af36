// Converts times, which are counts of a unit: values to counts, counts to another unit, and counts to Dates. A conversion that is not exact
// is refused, unless the caller of `toDate` asks for rounding.

import { checkOption, checkOptions } from '../arguments/options.ts';
import { parseTimeUnit, type TimeUnit } from '../dtype/time-unit.ts';
import { NpyError } from '../errors.ts';
import { quoted } from '../text/quoted.ts';
import { cannotHold } from './check-value.ts';

/** NumPy's "not a time" of `datetime64` and `timedelta64`: the smallest integer of 64 bits. */
export const NAT: bigint = -(2n ** 63n);

/** Returns a unit that is spelled as in NumPy's brackets, or is a store's `unit`. @throws NpyError NPY_DESCR, the caller's fault */
export function unitOf(unit: unknown): TimeUnit {
  const { name, count } = (unit ?? {}) as Partial<TimeUnit>;
  const text =
    typeof unit === 'string'
      ? unit
      : `${typeof count === 'number' ? count : '?'}${typeof name === 'string' ? name : '?'}`;
  const parsed = parseTimeUnit(`[${text}]`);
  if (parsed) return parsed;
  const message = `npy: ${quoted(text)} is not a unit of time`;
  throw new NpyError('NPY_DESCR', message, { unit: text }, { fault: 'caller' });
}

/**
 * Returns the count of a value: a bigint, a safe integer, or, for `datetime64`, a Date that is a whole number of units.
 * @throws NpyError NPY_VALUE for a count beyond 64 bits, a Date between two counts, and anything else
 */
export function checkCount(dtype: string, unit: TimeUnit, value: unknown): bigint {
  let count = value;
  if (value instanceof Date && dtype === 'datetime64') count = countFromDate(value, unit);
  else if (Number.isSafeInteger(value)) count = BigInt(value as number);
  if (typeof count === 'bigint' && BigInt.asIntN(64, count) === count) return count;
  const what = `${dtype} of counts of 64 bits or Dates in whole units`;
  throw cannotHold(what, value, value instanceof Date ? 'that Date' : typeof value, { unit });
}

/** The attoseconds in each unit of constant length. */
const ATTOSECONDS: Readonly<Record<string, bigint>> = {
  W: 604_800n * 10n ** 18n,
  D: 86_400n * 10n ** 18n,
  h: 3600n * 10n ** 18n,
  m: 60n * 10n ** 18n,
  s: 10n ** 18n,
  ms: 10n ** 15n,
  us: 10n ** 12n,
  ns: 10n ** 9n,
  ps: 10n ** 6n,
  fs: 1000n,
  as: 1n,
};
const MONTHS: Readonly<Record<string, bigint>> = { Y: 12n, M: 1n };
const MS: TimeUnit = { name: 'ms', count: 1 };

/** Converts a count to another unit. Returns undefined if the result is not an integer of 64 bits, or the units cannot be compared. */
export function convertCount(count: bigint, from: TimeUnit, to: TimeUnit): bigint | undefined {
  if (count === NAT) return NAT;
  const scale = from.name in MONTHS && to.name in MONTHS ? MONTHS : ATTOSECONDS;
  const [given, wanted] = [scale[from.name], scale[to.name]];
  if (from.name === to.name && from.count === to.count) return count;
  if (given === undefined || wanted === undefined || to.count === 0) return undefined;
  const total = count * BigInt(from.count) * given;
  const step = BigInt(to.count) * wanted;
  const result = total / step;
  return total % step === 0n && result !== NAT && BigInt.asIntN(64, result) === result ? result : undefined;
}

/** Milliseconds from 1970 to the last instant that a Date can be. */
const MAX_DATE = 8_640_000_000_000_000n;

/** Options of `toDate`. */
export interface ToDateOptions {
  /**
   * The result for an instant between two milliseconds. `exact` (default): undefined. `floor`: the millisecond before, as with NumPy's
   * astype('M8[ms]'). `nearest`: the nearest one, halves up.
   */
  readonly rounding?: 'exact' | 'floor' | 'nearest';
}

/**
 * Returns the Date that is `count` units after 1 January 1970, 0:00 UTC. Returns undefined if no Date is that instant: for NaT, a
 * generic unit, a year beyond those of Dates, and, unless `rounding` says otherwise, between two milliseconds.
 *
 * @param unit a store's `unit`, or a unit as NumPy spells it: `'ns'`, `'25s'`
 * @throws NpyError NPY_DESCR for an unknown unit, NPY_VALUE if the count is neither a bigint of 64 bits nor a safe integer, NPY_OPTION
 * @example
 * toDate(19_000n, 'D'); // 2022-01-08
 * toDate(1n, 'ns', { rounding: 'floor' }); // 1970-01-01
 */
export function toDate(count: bigint | number, unit: TimeUnit | string, options?: ToDateOptions): Date | undefined {
  const { rounding = 'exact' } = checkOptions(options, ['rounding']) ?? {};
  checkOption(rounding, 'rounding', ROUNDINGS.includes(rounding), ROUNDINGS.join(' or '));
  const given = unitOf(unit);
  const units = checkCount('timedelta64', given, count);
  if (given.name in MONTHS) return dateFromMonths(units * BigInt(given.count) * (MONTHS[given.name] ?? 0n));
  const ms = rounding === 'exact' ? convertCount(units, given, MS) : roundedMs(units, given, rounding);
  return ms !== undefined && ms >= -MAX_DATE && ms <= MAX_DATE ? new Date(Number(ms)) : undefined;
}

const ROUNDINGS: readonly string[] = ['exact', 'floor', 'nearest'];

function roundedMs(count: bigint, { name, count: many }: TimeUnit, rounding: 'floor' | 'nearest'): bigint | undefined {
  const unit = ATTOSECONDS[name];
  const step = ATTOSECONDS['ms'];
  if (count === NAT || unit === undefined || step === undefined) return undefined;
  const total = count * BigInt(many) * unit + (rounding === 'nearest' ? step / 2n : 0n);
  return total / step - (total % step < 0n ? 1n : 0n);
}

function dateFromMonths(months: bigint): Date | undefined {
  if (months < -4_000_000n || months > 4_000_000n) return undefined;
  const date = new Date(0);
  date.setUTCFullYear(1970, Number(months), 1);
  return Number.isNaN(date.getTime()) ? undefined : date;
}

/** Returns the count of a Date in a unit, NaT for an invalid Date; undefined if no count is the same instant. */
function countFromDate(date: Date, unit: TimeUnit): bigint | undefined {
  const time = date.getTime();
  if (Number.isNaN(time)) return NAT;
  if (!(unit.name in MONTHS)) return convertCount(BigInt(time), MS, unit);
  const months = BigInt((date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth());
  const count = convertCount(months, { name: 'M', count: 1 }, unit);
  return count !== undefined && toDate(count, unit)?.getTime() === time ? count : undefined;
}
