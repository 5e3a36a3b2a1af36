// The units of datetime64 and timedelta64, as a descr spells them in brackets: `[ns]`, `[25s]`, and, read only, a divisor,
// `[us/100]`, which NumPy turns into a multiple of a smaller unit as it reads. Source: numpy/core/src/multiarray/datetime.c.

import { Cursor, isDigit } from '../python/cursor.ts';
import { parseInteger } from './digits.ts';

/** A unit of time, and how many of it one count is. */
export interface TimeUnit {
  readonly name: TimeUnitName;
  /** 1 for seconds, 25 for counts of 25 seconds. 1 for `generic`. */
  readonly count: number;
}

/** NumPy's units, from years to attoseconds; `generic` is none. */
export type TimeUnitName = (typeof UNITS)[number] | 'generic';

const UNITS = ['Y', 'M', 'W', 'D', 'h', 'm', 's', 'ms', 'us', 'ns', 'ps', 'fs', 'as'] as const;
const MAX_INT = 2 ** 31 - 1;

/** How many of the units behind it make one, as far as a divisor may lead. Of the units not here: 1000, and 1000 of those. */
const SMALLER: Readonly<Record<string, readonly number[]>> = {
  Y: [12, 52, 365],
  M: [4, 30, 720],
  W: [7, 168, 10_080],
  D: [24, 1440, 86_400],
  h: [60, 3600],
  m: [60, 60_000],
};

export const GENERIC: TimeUnit = { name: 'generic', count: 1 };

/**
 * What follows `M8` or `m8`: nothing, or a unit in brackets; undefined when it is neither, or counts that pass a C int,
 * where NumPy wraps around to a unit that it does not read again.
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
  return parts === 1 ? { name, count } : divided({ name, count }, parts);
}

function isUnit(name: string): name is (typeof UNITS)[number] {
  return (UNITS as readonly string[]).includes(name);
}

function divided({ name, count }: TimeUnit, divisor: number | undefined): TimeUnit | undefined {
  if (!divisor) return undefined;
  const many = SMALLER[name] ?? [1000, 1_000_000];
  const step = many.findIndex((units) => units % divisor === 0);
  const smaller = step < 0 ? undefined : UNITS[UNITS.indexOf(name as (typeof UNITS)[number]) + 1 + step];
  const units = count * ((many[step] ?? 0) / divisor);
  return smaller && units <= MAX_INT ? { name: smaller, count: units } : undefined;
}

/** As a descr has it behind `M8`. */
export function timeUnitText({ name, count }: TimeUnit): string {
  if (name === 'generic') return '';
  return `[${count === 1 ? '' : count}${name}]`;
}
