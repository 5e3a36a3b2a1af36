// Points in time and spans of time, as counts of a unit in 64 bits. Points count from 1970.
import { type Descr, descrOf } from '../dtype/descr.ts';
import { dtypeSized } from '../dtype/dtype.ts';
import type { TimeUnit } from '../dtype/time-unit.ts';
import { MemoryStore } from './memory-store.ts';
import { checkCount, NAT, type ToDateOptions, toDate, unitOf } from './time-count.ts';

abstract class TimeStore extends MemoryStore<bigint, BigInt64Array> {
  readonly dtype: 'datetime64' | 'timedelta64';
  readonly descr: Descr;
  /** The unit that is counted. */
  readonly unit: TimeUnit;

  constructor(dtype: 'datetime64' | 'timedelta64', unit: string | TimeUnit, raw: BigInt64Array | number) {
    super(raw, 1, BigInt64Array);
    this.dtype = dtype;
    this.unit = unitOf(unit);
    this.descr = descrOf(dtypeSized(dtype, { unit: this.unit }));
  }

  get(index: number): bigint {
    return this.raw[this.firstWord(index)] ?? NAT;
  }

  /**
   * @param value a count: a bigint or a safe integer; for `datetime64` also a Date that is a whole number of units
   * @throws NpyError NPY_INDEX, NPY_VALUE
   */
  set(index: number, value: bigint | number | Date): void {
    this.raw[this.firstWord(index)] = checkCount(this.dtype, this.unit, value);
  }
}

/** A store of `datetime64` elements: counts of a unit since 1 January 1970, 0:00 UTC. */
export class DateTime64Store extends TimeStore {
  /**
   * @param unit as NumPy spells it: `'ns'`, `'25s'`, `'generic'`
   * @throws NpyError NPY_DESCR for an unknown unit, NPY_ARRAY, NPY_LIMIT
   */
  constructor(unit: string | TimeUnit, raw: BigInt64Array | number) {
    super('datetime64', unit, raw);
  }

  /** Returns the element as a Date; undefined if no Date is that instant, as with `toDate`. @throws NpyError NPY_INDEX, NPY_OPTION */
  toDate(index: number, options?: ToDateOptions): Date | undefined {
    return toDate(this.get(index), this.unit, options);
  }
}

/** A store of `timedelta64` elements: counts of a unit. */
export class TimeDelta64Store extends TimeStore {
  /**
   * @param unit as NumPy spells it: `'ns'`, `'25s'`, `'generic'`
   * @throws NpyError NPY_DESCR for an unknown unit, NPY_ARRAY, NPY_LIMIT
   */
  constructor(unit: string | TimeUnit, raw: BigInt64Array | number) {
    super('timedelta64', unit, raw);
  }
}
