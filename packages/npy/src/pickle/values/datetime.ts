// The values of Python's datetime module, and whether they are any: Python's ranges, and its calendar.
import { PyStr } from './builtins.ts';

/** A datetime.timedelta, normalised as Python does: 0 <= seconds < 86400, 0 <= microseconds < 10^6. */
export class PyTimeDelta {
  readonly days: number;
  readonly seconds: number;
  readonly microseconds: number;

  constructor(days: number, seconds = 0, microseconds = 0) {
    this.days = days;
    this.seconds = seconds;
    this.microseconds = microseconds;
  }

  /** Exact: the largest timedelta has 8.64e22 microseconds. */
  toMicroseconds(): bigint {
    return (BigInt(this.days) * 86_400n + BigInt(this.seconds)) * 1_000_000n + BigInt(this.microseconds);
  }
}

/** A datetime.timezone: a fixed offset, and a name where it was given one. */
export class PyTimeZone {
  readonly offset: PyTimeDelta;
  readonly name: string | PyStr | undefined;

  constructor(offset: PyTimeDelta, name?: string | PyStr) {
    this.offset = offset;
    this.name = name;
  }
}

/** A datetime.date. */
export class PyDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;

  constructor(year: number, month: number, day: number) {
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** Midnight UTC of that day. */
  toDate(): Date {
    return utc(this.year, this.month, this.day, 0, 0, 0, 0);
  }
}

/** What a datetime and a time are made of besides the date. */
export interface ClockFields {
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly microsecond?: number;
  /** null: a naive one. */
  readonly tzinfo?: PyTimeZone | null;
  /** 1: the second time that the clock showed it, when it was set back. */
  readonly fold?: 0 | 1;
}

/** A datetime.time. */
export class PyTime implements ClockFields {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly tzinfo: PyTimeZone | null;
  readonly fold: 0 | 1;

  constructor({ hour = 0, minute = 0, second = 0, microsecond = 0, tzinfo = null, fold = 0 }: ClockFields) {
    this.hour = hour;
    this.minute = minute;
    this.second = second;
    this.microsecond = microsecond;
    this.tzinfo = tzinfo;
    this.fold = fold;
  }
}

/** A datetime.datetime. */
export class PyDateTime extends PyTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;

  constructor(year: number, month: number, day: number, clock: ClockFields = {}) {
    super(clock);
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** The instant: its offset counts, a naive one is taken as UTC. Undefined where a Date, of milliseconds, is not exact. */
  toDate(): Date | undefined {
    const offset = this.tzinfo?.offset.toMicroseconds() ?? 0n;
    if (this.microsecond % 1000 !== 0 || offset % 1000n !== 0n) return undefined;
    const date = utc(this.year, this.month, this.day, this.hour, this.minute, this.second, this.microsecond / 1000);
    date.setTime(date.getTime() - Number(offset / 1000n));
    return date;
  }
}

function utc(year: number, month: number, day: number, ...clock: [number, number, number, number]): Date {
  const date = new Date(0);
  // Not Date.UTC, which takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(...clock);
  return date;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether it is a day of the calendar that Python knows. */
export function isDay({ year, month, day }: Pick<PyDate, 'year' | 'month' | 'day'>): boolean {
  if (!within(year, 1, 9999) || !within(month, 1, 12)) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return within(day, 1, (MONTH_DAYS[month - 1] ?? 0) + leap);
}

/** Whether it is a time of day. */
export function isClock({ hour, minute, second, microsecond, tzinfo, fold }: PyTime): boolean {
  const inRange =
    within(hour, 0, 23) && within(minute, 0, 59) && within(second, 0, 59) && within(microsecond, 0, 999_999);
  return inRange && (fold === 0 || fold === 1) && (tzinfo === null || tzinfo instanceof PyTimeZone);
}

/** Whether it is a timedelta in Python's range and form. */
export function isDelta({ days, seconds, microseconds }: PyTimeDelta): boolean {
  return within(days, -999_999_999, 999_999_999) && within(seconds, 0, 86_399) && within(microseconds, 0, 999_999);
}

/** Whether it is an offset of less than a day, with a name that is a str or none. */
export function isZone({ offset, name }: PyTimeZone): boolean {
  if (!(offset instanceof PyTimeDelta) || !isDelta(offset)) return false;
  if (name !== undefined && typeof name !== 'string' && !(name instanceof PyStr)) return false;
  const size = offset.toMicroseconds();
  return size > -86_400_000_000n && size < 86_400_000_000n;
}

function within(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
