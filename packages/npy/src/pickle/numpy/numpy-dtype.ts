// The class for numpy.dtype, of which the arrays and scalars inside of a pickle have one. It holds a dtype of this package, or
// NumPy's StringDType, which has no spelling in a header. dtype-reader.ts reads it from a pickle, dtype-writer.ts writes it.

import { dtypeOfDescr } from '../../dtype/caller-descr.ts';
import { type Descr, descrOf, showDescr } from '../../dtype/descr.ts';
import { type DType, objectType } from '../../dtype/dtype.ts';
import type { StringDType } from '../../dtype/stringdtype.ts';
import { NpyError } from '../../errors.ts';
import { PyFloat } from '../values/numeric-values.ts';

/** The number of fields of a dtype, and the depth of its nesting. A nested dtype counts as often as it occurs. */
export interface Extent {
  readonly fields: number;
  readonly depth: number;
}

/** A numpy.dtype. It does not change once it is read. */
export class NumpyDType {
  /** The parameters of a StringDType; undefined for other dtypes. */
  readonly strings: StringDType['stringdtype'] | undefined;
  #type: DType;
  #extent: Extent = { fields: 1, depth: 1 };
  /** True if a pickle has made the dtype by its name, and has not set its state yet: `__setstate__` in Python. */
  #awaitsState: boolean;

  /** @param awaitsState true for a dtype that is being read from a pickle: `build` sets its state */
  constructor(type: DType, { strings, awaitsState = false }: NumpyDTypeOptions = {}) {
    this.#type = type;
    this.strings = strings;
    this.#awaitsState = awaitsState;
  }

  /**
   * Makes the dtype of a descr, or a StringDType.
   * @throws NpyError NPY_DESCR
   * @example
   * NumpyDType.of('<f4'); NumpyDType.of([['x', '<i2'], ['name', '|O']]); NumpyDType.of({ stringdtype: { coerce: true } });
   */
  static of(descr: Descr | StringDType): NumpyDType {
    if (!isStringDType(descr)) return new NumpyDType(dtypeOfDescr(descr));
    const strings = { ...descr.stringdtype };
    if (typeof strings.coerce === 'boolean' && isMissing(strings.na_object)) {
      return new NumpyDType(objectType, { strings });
    }
    const message = 'npy: a stringdtype must be { coerce: boolean, na_object?: null, a string or a number }';
    throw new NpyError('NPY_DESCR', message, { descr }, { fault: 'caller' });
  }

  /** Sets the state of a dtype that is being read. Returns false if the dtype has a state, or is in use already. */
  build(type: DType, extent: Extent): boolean {
    if (!this.#awaitsState) return false;
    this.#type = type;
    this.#extent = extent;
    this.#awaitsState = false;
    return true;
  }

  /** Marks the dtype as in use, so that it takes no other state. */
  seal(): this {
    this.#awaitsState = false;
    return this;
  }

  get type(): DType {
    return this.#type;
  }

  get extent(): Extent {
    return this.#extent;
  }

  /** The bytes of an element. */
  get itemsize(): number {
    return this.#type.itemsize;
  }

  /** True if arrays of the dtype are pickled as a list of Python objects and not as bytes. */
  get hasObject(): boolean {
    return this.#type.name === 'object';
  }

  /** True if the dtype has a descr. */
  get hasDescr(): boolean {
    return isOrdered(this.#type);
  }

  /** The dtype as a header spells it. @throws NpyError NPY_DESCR for fields that overlap or are out of order, as in NumPy */
  get descr(): Descr | StringDType {
    if (this.strings) return { stringdtype: this.strings };
    if (!this.hasDescr) {
      const message = 'npy: a dtype whose fields overlap or are out of order has no descr';
      throw new NpyError('NPY_DESCR', message, {}, { fault: 'caller' });
    }
    return descrOf(this.#type);
  }

  toString(): string {
    if (this.strings) return 'StringDType';
    return this.hasDescr ? showDescr(descrOf(this.#type)) : `of ${this.itemsize} bytes with overlapping fields`;
  }
}

/** Returns whether a value can be the value of missing strings. NumPy accepts any object, and this class only these. */
export function isMissing(value: unknown): boolean {
  const isObject = typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol';
  return !isObject || value === null || value instanceof PyFloat;
}

function isStringDType(descr: Descr | StringDType): descr is StringDType {
  return typeof descr === 'object' && descr !== null && 'stringdtype' in descr;
}

/** The options of NumpyDType's constructor. */
export interface NumpyDTypeOptions {
  readonly strings?: StringDType['stringdtype'];
  readonly awaitsState?: boolean;
}

function isOrdered({ fields, subarray }: DType): boolean {
  if (subarray) return isOrdered(subarray.type);
  let end = 0;
  for (const { type, offset } of fields ?? []) {
    if (offset < end || !isOrdered(type)) return false;
    end = offset + type.itemsize;
  }
  return true;
}
