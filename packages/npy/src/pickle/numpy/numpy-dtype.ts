// A numpy.dtype as a value: what the arrays and scalars inside of a pickle are made of. It is a dtype of the core's, or
// NumPy's StringDType, which has no spelling in a header. How a pickle spells one is told in dtype-state.ts and dtype-reduction.ts.

import { dtypeOfDescr } from '../../dtype/caller-descr.ts';
import { type Descr, descrOf, showDescr } from '../../dtype/descr.ts';
import { type DType, objectType } from '../../dtype/dtype.ts';
import type { StringDType } from '../../dtype/string-dtype.ts';
import { NpyError } from '../../errors.ts';
import { PyFloat } from '../values/numeric-values.ts';

/** How large a dtype is when all that it holds is counted as often as it is held. */
export interface Extent {
  readonly fields: number;
  readonly depth: number;
}

/** A numpy.dtype. Immutable, once it is read. */
export class NumpyDType {
  /** Of a StringDType: what makes it one. */
  readonly strings: StringDType['stringdtype'] | undefined;
  #type: DType;
  #extent: Extent = { fields: 1, depth: 1 };
  /** It was read by name only, and its state is still to come. */
  #awaitsState: boolean;

  /** @param awaitsState of a dtype that is being read: `build` is to follow */
  constructor(type: DType, { strings, awaitsState = false }: NumpyDTypeOptions = {}) {
    this.#type = type;
    this.strings = strings;
    this.#awaitsState = awaitsState;
  }

  /**
   * The dtype that a descr spells, or a StringDType.
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
    const message = 'npy: a stringdtype is { coerce: boolean, na_object?: null, a string or a number }';
    throw new NpyError('NPY_DESCR', message, { descr }, { fault: 'caller' });
  }

  /** Gives a dtype that is being read its state; false when it has it, or somebody relies on its size already. */
  build(type: DType, extent: Extent): boolean {
    if (!this.#awaitsState) return false;
    this.#type = type;
    this.#extent = extent;
    this.#awaitsState = false;
    return true;
  }

  /** It is in use from now on, and takes no other state. */
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

  /** Bytes of an element. */
  get itemsize(): number {
    return this.#type.itemsize;
  }

  /** Whether its arrays are pickled as a list of Python objects rather than as bytes. */
  get hasObject(): boolean {
    return this.#type.name === 'object';
  }

  /** Whether a header can spell it, or `descr` can. */
  get hasDescr(): boolean {
    return isOrdered(this.#type);
  }

  /** As a header spells it. @throws NpyError NPY_DESCR for fields that overlap or are out of order, as in NumPy */
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
    return this.hasDescr ? showDescr(descrOf(this.#type)) : `of ${this.itemsize} bytes with fields`;
  }
}

/** Whether it can stand for a missing string. NumPy takes any object. */
export function isMissing(value: unknown): boolean {
  const isObject = typeof value === 'object' || typeof value === 'function' || typeof value === 'symbol';
  return !isObject || value === null || value instanceof PyFloat;
}

function isStringDType(descr: Descr | StringDType): descr is StringDType {
  return typeof descr === 'object' && descr !== null && 'stringdtype' in descr;
}

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
