// Reads and writes the bytes in which Python's datetime module pickles its values:
//   date      yy yy mm dd
//   datetime  yy yy mm dd HH MM SS us us us        fold: 0x80 in mm, from protocol 4 on
//   time                  HH MM SS us us us        fold: 0x80 in HH, from protocol 4 on
import { isValidDate, isValidTime, PyDate, PyDateTime, PyTime, type PyTimeZone } from './datetime.ts';

/** Returns the date of four bytes; undefined for an invalid date. */
export function decodeDate(state: Uint8Array): PyDate | undefined {
  if (state.length !== 4) return undefined;
  const [high = 0, low = 0, month = 0, day = 0] = state;
  const date = new PyDate(high * 256 + low, month, day);
  return isValidDate(date) ? date : undefined;
}

/** Returns the time of six bytes; undefined for an invalid time. */
export function decodeTime(state: Uint8Array, tzinfo: PyTimeZone | null): PyTime | undefined {
  if (state.length !== 6) return undefined;
  const [hour = 0, minute = 0, second = 0, a = 0, b = 0, c = 0] = state;
  const microsecond = (a << 16) | (b << 8) | c;
  const fold = hour >> 7 ? 1 : 0;
  const time = new PyTime({ hour: hour & 0x7f, minute, second, microsecond, tzinfo, fold });
  return isValidTime(time) ? time : undefined;
}

/** Returns the datetime of ten bytes; undefined for an invalid datetime. */
export function decodeDateTime(state: Uint8Array, tzinfo: PyTimeZone | null): PyDateTime | undefined {
  if (state.length !== 10) return undefined;
  const [high = 0, low = 0, month = 0, day = 0] = state;
  const clock = decodeTime(state.subarray(4), tzinfo);
  if (!clock || clock.fold) return undefined;
  const value = new PyDateTime(high * 256 + low, month & 0x7f, day, month >> 7 ? { ...clock, fold: 1 } : clock);
  return isValidDate(value) ? value : undefined;
}

/** Returns the four bytes of a date. */
export function encodeDate({ year, month, day }: Pick<PyDate, 'year' | 'month' | 'day'>): Uint8Array {
  return Uint8Array.of(year >> 8, year & 0xff, month, day);
}

/** Returns the six bytes of a time. */
export function encodeTime({ hour, minute, second, microsecond, fold }: PyTime, protocol: number): Uint8Array {
  const first = protocol > 3 && fold ? hour | 0x80 : hour;
  return Uint8Array.of(first, minute, second, microsecond >> 16, (microsecond >> 8) & 0xff, microsecond & 0xff);
}

/** Returns the ten bytes of a datetime. */
export function encodeDateTime(value: PyDateTime, protocol: number): Uint8Array {
  const state = new Uint8Array(10);
  state.set(encodeDate(value));
  state.set(encodeTime(value, 0), 4);
  if (protocol > 3 && value.fold) state[2] = value.month | 0x80;
  return state;
}
