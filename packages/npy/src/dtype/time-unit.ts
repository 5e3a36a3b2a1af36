// The units of datetime64 and timedelta64, as a descr spells them in brackets: `[ns]`, `[25s]`. A divisor, `[us/100]`, is read but
// never written: NumPy turns it into a multiple of a smaller unit. Source: numpy/core/src/multiarray/datetime.c.

import { Cursor, isDigit } from '../python/cursor.ts';
import { parseInteger } from './digits.ts';

/** A unit of time, and the number of them that one count stands for. */
export interface TimeUnit {
  readonly name: TimeUnitName;
  /** 1 for seconds, 25 for counts of 25 seconds. 1 for `generic`. */
  readonly count: number;
}

/** NumPy's units, from years to attoseconds; `generic` stands for no unit. */
export type TimeUnitName = (typeof UNITS)[number] | 'generic';

const UNITS = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as'] as const;
const MAX_INT = 2 ** 31 - 1;

/** The numbers of the next smaller units in a unit, for divisors: a Y has 12 M, 52 W or 365 D. Units not listed: 1000 and 1 000 000. */
const NEXT_UNITS: Readonly<Record<string, readonly number[]>> = {
  Y: [12, 52, 365],
  M: [4, 30, 720],
  W: [7, 168, 10_080],
  D: [24, 1440, 86_400],
  h: [60, 3600],
  m: [60, 60_000],
};

export const GENERIC: TimeUnit = { name: 'generic', count: 1 };

/**
 * Parses the text behind `M8` or `m8`: nothing, or a unit in brackets. Returns undefined for other text, and for counts that overflow a
 * C int, where NumPy wraps around to a unit that it cannot read again.
 */
export function parseTimeUnit(text: string): TimeUnit | undefined {
  if (text === '') return GENERIC;
  if (text[0] !== '[' || !text.endsWith(']')) return undefined;
  const [numerator = '', divisor, ...more] = text.slice(1, -1).split('/');
  const cursor = new Cursor(numerator);
  const digits = cursor.while((c) => isDigit(c) || c === ' ' || c === '+');
  const count = digits === '' ? 1 : parseInteger(digits);
  const spelled = numerator.slice(cursor.at);
  const name = spelled === 'μs' ? 'us' : spelled;
  if (count === undefined || count > MAX_INT || more.length > 0) return undefined;
  const parts = divisor === undefined ? 1 : parseInteger(divisor);
  if (name === 'generic') return parts === 1 ? GENERIC : undefined;
  if (!isUnit(name)) return undefined;
  return parts === 1 ? { name, count } : divideUnit({ name, count }, parts);
}

function isUnit(name: string): name is (typeof UNITS)[number] {
  return (UNITS as readonly string[]).includes(name);
}

function divideUnit({ name, count }: TimeUnit, divisor: number | undefined): TimeUnit | undefined {
  if (!divisor) return undefined;
  const counts = NEXT_UNITS[name] ?? [1000, 1_000_000];
  const step = counts.findIndex((units) => units % divisor === 0);
  const smaller = step < 0 ? undefined : UNITS[UNITS.indexOf(name as (typeof UNITS)[number]) + 1 + step];
  const units = count * ((counts[step] ?? 0) / divisor);
  return smaller && units <= MAX_INT ? { name: smaller, count: units } : undefined;
}

/** Returns a unit as a descr spells it behind `M8`. */
export function timeUnitText({ name, count }: TimeUnit): string {
  if (name === 'generic') return '';
  return `[${count === 1 ? '' : count}${name}]`;
}
