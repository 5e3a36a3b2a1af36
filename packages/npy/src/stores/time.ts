// Points and spans of time: counts of a unit in 64 bits, points since 1970.
import { type Descr, descrOf } from '../dtype/descr.ts';
import { dtypeSized } from '../dtype/dtype.ts';
import type { TimeUnit } from '../dtype/time-unit.ts';
import { MemoryStore } from './memory-store.ts';
import { checkCount, NAT, type ToDateOptions, toDate, unitOf } from './time-count.ts';

abstract class TimeStore extends MemoryStore<bigint, BigInt64Array> {
  readonly dtype: 'datetime64' | 'timedelta64';
  readonly descr: Descr;
  /** What is counted. */
  readonly unit: TimeUnit;

  constructor(dtype: 'datetime64' | 'timedelta64', unit: string | TimeUnit, raw: BigInt64Array | number) {
    super(raw, 1, BigInt64Array);
    this.dtype = dtype;
    this.unit = unitOf(unit);
    this.descr = descrOf(dtypeSized(dtype, { unit: this.unit }));
  }

  get(index: number): bigint {
    return this.raw[this.at(index)] ?? NAT;
  }

  /**
   * @param value a count: a bigint, or a number that is a safe integer; of `datetime64` also a Date that is a whole count of
   *   the unit
   * @throws NpyError NPY_INDEX, NPY_VALUE
   */
  set(index: number, value: bigint | number | Date): void {
    this.raw[this.at(index)] = checkCount(this.dtype, this.unit, value);
  }
}

/** A store of `datetime64` elements: counts of a unit since 1 January 1970, 0:00 UTC. */
export class DateTime64Store extends TimeStore {
  /**
   * @param unit as NumPy spells it: `'ns'`, `'25s'`, `'generic'`
   * @throws NpyError NPY_DESCR for a unit that is none, NPY_ARRAY, NPY_LIMIT
   */
  constructor(unit: string | TimeUnit, raw: BigInt64Array | number) {
    super('datetime64', unit, raw);
  }

  /** The element as a Date; undefined where no Date is that instant, as `toDate` says. @throws NpyError NPY_INDEX, NPY_OPTION */
  toDate(index: number, options?: ToDateOptions): Date | undefined {
    return toDate(this.get(index), this.unit, options);
  }
}

/** A store of `timedelta64` elements: counts of a unit. */
export class TimeDelta64Store extends TimeStore {
  /**
   * @param unit as NumPy spells it: `'ns'`, `'25s'`, `'generic'`
   * @throws NpyError NPY_DESCR for a unit that is none, NPY_ARRAY, NPY_LIMIT
   */
  constructor(unit: string | TimeUnit, raw: BigInt64Array | number) {
    super('timedelta64', unit, raw);
  }
}
