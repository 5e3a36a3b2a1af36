// Classes for the values of Python's datetime module, and checks of Python's ranges and its calendar.
import { checkOptions } from '../../arguments/options.ts';
import { PyStr } from './builtin-classes.ts';

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

  /** Returns the microseconds as a bigint, since the largest timedelta has 8.64e22 of them. */
  toMicroseconds(): bigint {
    return (BigInt(this.days) * 86_400n + BigInt(this.seconds)) * 1_000_000n + BigInt(this.microseconds);
  }
}

/** A datetime.timezone: a fixed offset, and a name if it has one. */
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

  /** Returns midnight UTC of that day. */
  toDate(): Date {
    return utc(this.year, this.month, this.day, 0, 0, 0, 0);
  }
}

/** The parts of a time, which a datetime has besides its date. */
export interface ClockFields {
  readonly hour?: number;
  readonly minute?: number;
  readonly second?: number;
  readonly microsecond?: number;
  /** The timezone; null for a naive time. */
  readonly tzinfo?: PyTimeZone | null;
  /** 1 for the second of two equal times, which occur if the clock is set back. */
  readonly fold?: 0 | 1;
}

const NO_FIELDS: ClockFields = { hour: 0, minute: 0, second: 0, microsecond: 0, tzinfo: null, fold: 0 };

/** A datetime.time. */
export class PyTime implements ClockFields {
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
  readonly microsecond: number;
  readonly tzinfo: PyTimeZone | null;
  readonly fold: 0 | 1;

  /** @throws NpyError NPY_OPTION for an unknown field */
  constructor(clock: ClockFields) {
    // `clock` may be a PyTime or PyDateTime, whose other fields are ignored. The loop is quicker than checkOptions if many times are read.
    if (!(clock instanceof PyTime)) {
      for (const name in clock)
        if (!(name in NO_FIELDS)) checkOptions(clock, Object.keys(NO_FIELDS), 'the fields of a time');
    }
    const { hour = 0, minute = 0, second = 0, microsecond = 0, tzinfo = null, fold = 0 } = clock ?? NO_FIELDS;
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

  /** @throws NpyError NPY_OPTION for an unknown field of the clock */
  constructor(year: number, month: number, day: number, clock: ClockFields = {}) {
    super(clock);
    this.year = year;
    this.month = month;
    this.day = day;
  }

  /** Returns the instant; a naive datetime counts as UTC. Returns undefined if it is not a whole number of milliseconds. */
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
  // Date.UTC is not used, because it treats the years 0 to 99 as 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(...clock);
  return date;
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Returns whether a date is in Python's calendar. */
export function isValidDate({ year, month, day }: Pick<PyDate, 'year' | 'month' | 'day'>): boolean {
  if (!isIntegerIn(year, 1, 9999) || !isIntegerIn(month, 1, 12)) return false;
  const leap = month === 2 && year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 1 : 0;
  return isIntegerIn(day, 1, (MONTH_DAYS[month - 1] ?? 0) + leap);
}

/** Returns whether a time is valid. */
export function isValidTime({ hour, minute, second, microsecond, tzinfo, fold }: PyTime): boolean {
  const inRange =
    isIntegerIn(hour, 0, 23) &&
    isIntegerIn(minute, 0, 59) &&
    isIntegerIn(second, 0, 59) &&
    isIntegerIn(microsecond, 0, 999_999);
  return inRange && (fold === 0 || fold === 1) && (tzinfo === null || tzinfo instanceof PyTimeZone);
}

/** Returns whether a timedelta is in Python's range, and normalised. */
export function isValidTimeDelta({ days, seconds, microseconds }: PyTimeDelta): boolean {
  return (
    isIntegerIn(days, -999_999_999, 999_999_999) &&
    isIntegerIn(seconds, 0, 86_399) &&
    isIntegerIn(microseconds, 0, 999_999)
  );
}

/** Returns whether a timezone has an offset of less than a day, and a str or nothing as its name. */
export function isValidTimeZone({ offset, name }: PyTimeZone): boolean {
  if (!(offset instanceof PyTimeDelta) || !isValidTimeDelta(offset)) return false;
  if (name !== undefined && typeof name !== 'string' && !(name instanceof PyStr)) return false;
  const size = offset.toMicroseconds();
  return size > -86_400_000_000n && size < 86_400_000_000n;
}

function isIntegerIn(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}
